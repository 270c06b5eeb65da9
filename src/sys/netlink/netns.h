/* SPDX-License-Identifier: GPL-2.0-or-later */
/* netns.h - named network namespaces of ours, created as by ip-netns(8). */
#ifndef VNM_SYS_NETNS_H
#define VNM_SYS_NETNS_H

#include "sys/op_impl.h"

/* What covers an existing /etc/netns in a sandbox whose /etc is otherwise the host's. */
#define VNM_NETNS_COVER "/run/.sandbox/netns"

int vnm_netns_new(struct vnm_sys *sys, struct vnm_error *err);
void vnm_netns_let_go(struct vnm_sys *sys);
void vnm_netns_staging(struct vnm_sys *sys, struct vnm_op_netns *ret);
void vnm_netns_end_staging(struct vnm_sys *sys);

#endif
