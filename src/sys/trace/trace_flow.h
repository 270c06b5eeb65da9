/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trace_flow.h - a connection in the kernel's table, for an answer to belong to. */
#ifndef VNM_SYS_TRACE_FLOW_H
#define VNM_SYS_TRACE_FLOW_H

#include "plan/trace/packet.h"
#include "sys/sys.h"

/**
 * struct vnm_trace_flow - a connection of which the first packet has passed
 * @first: that packet, as the guest sent it
 * @src, @sport: its source as it left; @dst, @dport: its destination as it left
 */
struct vnm_trace_flow {
	struct vnm_packet first;
	struct vnm_addr src, dst;
	uint16_t sport, dport;
};

int vnm_trace_flow_add(const struct vnm_trace_flow *flow);
void vnm_trace_flow_remove(const struct vnm_trace_flow *flow);

#endif
