/* SPDX-License-Identifier: GPL-2.0-or-later */
/* netns_enter.h - other network namespaces: guests'. */
#ifndef VNM_SYS_NETNS_ENTER_H
#define VNM_SYS_NETNS_ENTER_H

#include "sys/sys.h"

int vnm_netns_open(const struct vnm_op_netns *ns);
int vnm_netns_inode(const char *path, uint32_t *ret_ino);
uint64_t vnm_netns_cookie(const char *path);
int vnm_netns_fail(const struct vnm_op_netns *ns, int rc, struct vnm_error *err);
int vnm_sys_enter(struct vnm_sys *sys, const struct vnm_op_netns *ns, struct vnm_sys **ret);
int vnm_netns_run(const struct vnm_op_netns *ns, int (*fn)(void *data), void *data);
void vnm_inner_free(struct vnm_inner *inner);

#endif
