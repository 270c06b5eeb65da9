/* SPDX-License-Identifier: GPL-2.0-or-later */
/* route_ask.h - ask the kernel where it would route a packet to. */
#ifndef VNM_SYS_ROUTE_ASK_H
#define VNM_SYS_ROUTE_ASK_H

#include "plan/trace/packet.h"
#include "sys/sys.h"

/** struct vnm_route_question - a packet. @in: index of the device that it comes in by; 0: the host sends it. @src: or none */
struct vnm_route_question {
	struct vnm_addr src, dst;
	int in;
	uint32_t mark;
	const struct vnm_packet *packet; /* its protocol and ports; NULL: any */
};

/**
 * struct vnm_route_answer - the decision
 * @error:   -errno of the decision: -ENETUNREACH without a route, ...
 * @type:    RTN_UNICAST, RTN_LOCAL, ...
 * @out:     index of the device
 * @gateway: the next hop; none: the destination itself
 * @src:     the address that the host would send from
 * @prefix:  of the route; @table: that it is in
 */
struct vnm_route_answer {
	int error;
	uint8_t type;
	int out;
	struct vnm_addr gateway, src;
	struct vnm_prefix prefix;
	uint32_t table;
};

int vnm_route_ask(struct vnm_sys *sys, const struct vnm_route_question *question,
		  struct vnm_route_answer *ret);

#endif
