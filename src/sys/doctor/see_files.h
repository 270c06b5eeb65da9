/* SPDX-License-Identifier: GPL-2.0-or-later */
/* see_files.h - what files say: settings of the kernel, name servers, processes. */
#ifndef VNM_SYS_SEE_FILES_H
#define VNM_SYS_SEE_FILES_H

#include "doctor/case.h"

void vnm_see_setting(struct vnm_case *c, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int vnm_see_resolver(const char *path, struct vnm_case_resolver *ret);
int vnm_see_dnsmasq(const struct vnm_op_dnsmasq *op, struct vnm_case_process *ret);
int vnm_see_absent(const char *dir);
int vnm_see_read_only(const char *path);

#endif
