/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest.h - what connects a guest: taps, pairs into its namespace, devices on top of others, places on a bridge. */
#ifndef VNM_SYS_GUEST_H
#define VNM_SYS_GUEST_H

#include "sys/ops.h"

extern const struct vnm_op_impl vnm_impl_tap, vnm_impl_veth, vnm_impl_macvlan, vnm_impl_bridge_port,
	vnm_impl_proxy_neighbour, vnm_impl_resolv, vnm_impl_netns;

int vnm_bridge_port_quiet(struct vnm_sys *sys, const struct vnm_op_bridge_port *op,
			  struct vnm_error *err);

#endif
