/* SPDX-License-Identifier: GPL-2.0-or-later */
/* explain_back.h - behind the packet filters: the next hop, and the way back of an answer. */
#ifndef VNM_DRIVER_EXPLAIN_BACK_H
#define VNM_DRIVER_EXPLAIN_BACK_H

#include "driver/explain_case.h"

/**
 * struct vnm_explain_onward - a packet that leaves the host.
 * @in, @out:   indexes of devices
 * @src, @dst:  as it leaves
 * @translator: the rule that translated its source; NULL: none did
 * @untracker:  the rule of others that keeps it from connection tracking; NULL: none
 */
struct vnm_explain_onward {
	int in, out;
	uint32_t mark;
	struct vnm_addr src, dst;
	const struct vnm_trace_event *translator, *untracker;
};

void vnm_explain_back_from_host(struct vnm_explain_case *of);
void vnm_explain_onward(struct vnm_explain_case *of, const struct vnm_explain_onward *onward);

#endif
