/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dnsmasq_internal.h - what the dnsmasq files share. Not for others. */
#ifndef VNM_SYS_DNSMASQ_INTERNAL_H
#define VNM_SYS_DNSMASQ_INTERNAL_H

#include <stdint.h>
#include <sys/types.h>

#include "plan/op/op.h"
#include "util/error.h"

/** struct vnm_dnsmasq_access - what a file is given: @uid, @gid: -1 for what the system gives. */
struct vnm_dnsmasq_access {
	uid_t uid;
	gid_t gid;
	mode_t mode;
};

int vnm_dnsmasq_access(const struct vnm_op_file *file, struct vnm_dnsmasq_access *ret,
		       struct vnm_error *err);

int vnm_dnsmasq_above(const char *dir, const char **ret_name, struct vnm_error *err);
int vnm_dnsmasq_dir_make(const char *dir, struct vnm_error *err);
int vnm_dnsmasq_dir_look(const char *dir);
int vnm_dnsmasq_dir_drop(const char *dir);

int vnm_dnsmasq_explain(const char *dir, const char *said, struct vnm_error *err);
char *vnm_port_holder(const char *addr, uint16_t port);	/* NULL: not found */

#endif
