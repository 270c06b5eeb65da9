/* SPDX-License-Identifier: GPL-2.0-or-later */
/* link.h - devices, addresses and routes by netlink. All names are checked for length by the caller's grammar. */
#ifndef VNM_SYS_LINK_H
#define VNM_SYS_LINK_H

#include "sys/ops.h"

/* The netlink kinds: USE_DEVICE, BRIDGE, ADDRESS, LINK_UP, ROUTE. */
extern const struct vnm_op_impl vnm_impl_require_device, vnm_impl_bridge, vnm_impl_address,
	vnm_impl_link_up, vnm_impl_route;

/** struct vnm_traffic - bytes, as the host counts them. */
struct vnm_traffic {
	bool carrier;
	uint64_t received, sent;
};

int vnm_address_drop(struct vnm_sys *sys, const struct vnm_op_address *gone, struct vnm_error *err);
int vnm_route_drop(struct vnm_sys *sys, const struct vnm_op_route *gone, struct vnm_error *err);
int vnm_link_traffic(struct vnm_sys *sys, const char *name, struct vnm_traffic *ret);
int vnm_link_get(struct vnm_sys *sys, const char *name, struct vnm_fact_link *ret);	/* 0, -ENODEV, -errno */
int vnm_observe_addresses(struct vnm_sys *sys, struct vnm_facts *facts, struct vnm_error *err);
int vnm_observe_links(struct vnm_sys *sys, struct vnm_facts *facts, struct vnm_error *err);
int vnm_observe_routes(struct vnm_sys *sys, struct vnm_facts *facts, struct vnm_error *err);

#endif
