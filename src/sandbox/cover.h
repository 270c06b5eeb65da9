/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cover.h - protects the host's files and settings from commands in the sandbox. */
#ifndef VNM_SANDBOX_COVER_H
#define VNM_SANDBOX_COVER_H

#include "util/error.h"

/** struct vnm_sandbox_etc - texts of the host's files; zero-initialised, vnm_sandbox_etc_clear(). */
struct vnm_sandbox_etc {
	char *resolv_conf, *hosts;
};

void vnm_sandbox_read_etc(struct vnm_sandbox_etc *ret);
void vnm_sandbox_etc_clear(struct vnm_sandbox_etc *etc);
int vnm_sandbox_cover_etc(const struct vnm_sandbox_etc *etc, struct vnm_error *err);
int vnm_sandbox_cover_settings(struct vnm_error *err);
int vnm_sandbox_set_resolver(const char *nameserver, struct vnm_error *err);

#define vnm_autoetc __attribute__((cleanup(vnm_sandbox_etc_clear)))

#endif
