/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest.h - what connects a guest: taps, pairs into its namespace, devices on top of others, places on a bridge. */
#ifndef VNM_SYS_GUEST_H
#define VNM_SYS_GUEST_H

#include "sys/ops.h"

extern const struct vnm_op_impl vnm_impl_tap, vnm_impl_veth, vnm_impl_macvlan, vnm_impl_plug,
				vnm_impl_proxy, vnm_impl_resolv, vnm_impl_netns;

int vnm_plug_quiet(struct vnm_sys *sys, const struct vnm_op_plug *op, struct vnm_error *err);

#endif
