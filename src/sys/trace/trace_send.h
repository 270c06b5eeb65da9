/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trace_send.h - send a packet as a guest, the outside or the host would. */
#ifndef VNM_SYS_TRACE_SEND_H
#define VNM_SYS_TRACE_SEND_H

#include "plan/trace/packet.h"
#include "sys/sys.h"

/** enum vnm_trace_from - where the packet begins. */
enum vnm_trace_from {
	VNM_FROM_NAMESPACE, /* it is sent by @dev, a device in @ns */
	VNM_FROM_PORT, /* it comes in by @port, as if from its other end */
	VNM_FROM_HOST, /* the host sends it */
};

/**
 * struct vnm_trace_job - a packet that is to be followed
 * @port: the device of the host that it comes in by, or NULL
 * @from_mac, @to_mac: of its frame; not for VNM_FROM_HOST
 */
struct vnm_trace_job {
	struct vnm_packet packet;
	enum vnm_trace_from from;
	const struct vnm_op_netns *ns;
	const char *dev, *port;
	struct vnm_mac from_mac, to_mac;
};

int vnm_trace_send(struct vnm_sys *sys, const struct vnm_trace_job *job, struct vnm_error *err);

#endif
