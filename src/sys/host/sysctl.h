/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sysctl.h - settings under /proc/sys: a bridge's own, and the host's forwarding switches that all networks share. */
#ifndef VNM_SYS_SYSCTL_H
#define VNM_SYS_SYSCTL_H

#include "sys/ops.h"

extern const struct vnm_op_impl vnm_impl_sysctl, vnm_impl_forwarding, vnm_impl_route_localnet;

int vnm_forwarding_get(int family, bool *ret);
void vnm_forget_settings(struct vnm_sys *sys);
int vnm_forwarding_recorded(struct vnm_sys *sys, int family, bool *ret);

#endif
