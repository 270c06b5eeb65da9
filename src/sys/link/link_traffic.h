/* SPDX-License-Identifier: GPL-2.0-or-later */
/* link_traffic.h - a device's counters of bytes and packets. */
#ifndef VNM_SYS_LINK_TRAFFIC_H
#define VNM_SYS_LINK_TRAFFIC_H

#include "sys/sys.h"

/** struct vnm_traffic - bytes and packets, as the host counts them. */
struct vnm_traffic {
	bool carrier;
	uint64_t received, sent;
	uint64_t received_packets, sent_packets;
};

int vnm_link_traffic(struct vnm_sys *sys, const char *name, struct vnm_traffic *ret);

#endif
