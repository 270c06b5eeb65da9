/* SPDX-License-Identifier: GPL-2.0-or-later */
/* privilege.h - what a program of root's owes to itself when anybody may start it. */
#ifndef VNM_LEND_PRIVILEGE_H
#define VNM_LEND_PRIVILEGE_H

#include "lend/policy.h"
#include "util/error.h"

void vnm_privilege_read_caller(struct vnm_caller *ret);
int vnm_privilege_isolate(int fd, struct vnm_error *err);

#endif
