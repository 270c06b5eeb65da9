/* SPDX-License-Identifier: GPL-2.0-or-later */
/* uplink_read.h - what a device holds: addresses, routes and neighbours. */
#ifndef VNM_SYS_UPLINK_READ_H
#define VNM_SYS_UPLINK_READ_H

#include "sys/sys.h"
#include "util/buf.h"

/**
 * struct vnm_interface_state - what a device holds: the kernel's own messages, in hexadecimal, separated by commas.
 * @shared_hops: a route uses a nexthop object ("ip nexthop"), which cannot be moved with it
 * @global:      an address has a scope wider than the link
 */
struct vnm_interface_state {
	struct vnm_buf addresses, routes, neighbours;
	bool shared_hops, global;
};

#define vnm_autointerface_state __attribute__((cleanup(vnm_interface_state_clear)))

int vnm_interface_state_read(struct vnm_sys *sys, int ifindex, struct vnm_interface_state *ret,
		      struct vnm_error *err);
void vnm_interface_state_clear(struct vnm_interface_state *state);

#endif
