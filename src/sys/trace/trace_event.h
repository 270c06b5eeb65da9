/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trace_event.h - the kernel's reports about a packet, as read from a netlink socket. */
#ifndef VNM_SYS_TRACE_EVENT_H
#define VNM_SYS_TRACE_EVENT_H

#include "plan/trace/packet.h"
#include "plan/trace/trail.h"
#include "sys/sys.h"

/**
 * struct vnm_trace_reader - what is needed to read reports.
 * @packet: the packet that they are to be about
 * @ids, @n_ids: by which nf_tables links reports at one hook: only the first one has the packet's headers
 * @stage, @nat: of the last report
 */
struct vnm_trace_reader {
	struct vnm_sys *sys;
	const struct vnm_packet *packet;
	uint32_t *ids;
	size_t n_ids;
	enum vnm_stage stage;
	bool nat;
	struct vnm_trail trail;
};

struct nlmsghdr;

void vnm_trace_event_read(struct vnm_trace_reader *reader, const struct nlmsghdr *head);

#endif
