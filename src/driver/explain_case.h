/* SPDX-License-Identifier: GPL-2.0-or-later */
/* explain_case.h - what is known about a packet that is being explained. */
#ifndef VNM_DRIVER_EXPLAIN_CASE_H
#define VNM_DRIVER_EXPLAIN_CASE_H

#include "driver/explanation.h"
#include "model/network.h"
#include "plan/op/op_types.h"
#include "sys/link/link.h"
#include "sys/trace/route_ask.h"

struct vnm_driver;

/**
 * struct vnm_explain_guest - the guest.
 * @port:   the device of the host that leads to it
 * @ns:     its namespace, if it has one that can be entered; @dev: its device there
 * @addr:   its address, of the packet's family; none: unknown
 * @tun:    @port is not on the bridge
 */
struct vnm_explain_guest {
	char *port, *dev;
	struct vnm_op_netns ns;
	struct vnm_mac mac;
	struct vnm_addr addr;
	bool tun;
};

/**
 * struct vnm_explain_case - @network: its live definition; @link: its bridge; @ret: what has been found so far.
 * @silent: the next hop, which the guest does not find, but the host does: perhaps the trail says why; without a family: none
 * @next: the gateway by which a guest in a namespace sends the packet; without a family: by none
 * @failed: -errno of a request that failed, so that nothing can be said
 */
struct vnm_explain_case {
	struct vnm_driver *drv;
	const struct vnm_explain_ask *ask;
	struct vnm_network network;
	struct vnm_link link;
	struct vnm_explain_guest guest;
	struct vnm_explanation *ret;
	struct vnm_addr silent, next;
	int failed;
};

#endif
