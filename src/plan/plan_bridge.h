/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan_bridge.h - a network's own bridge. Pure. */
#ifndef VNM_PLAN_PLAN_BRIDGE_H
#define VNM_PLAN_PLAN_BRIDGE_H

#include "plan/op/op.h"
#include "plan/plan_input.h"

void vnm_plan_forwarding(const struct vnm_plan_input *in, struct vnm_plan *plan);
void vnm_plan_bridge(const struct vnm_network *net, const struct vnm_facts *facts,
		     struct vnm_plan *plan);
void vnm_plan_sysctls(const struct vnm_plan_input *in, struct vnm_plan *plan);
void vnm_plan_addresses(const struct vnm_network *net, struct vnm_plan *plan);
void vnm_plan_route_localnet(const struct vnm_network *net, struct vnm_plan *plan);
void vnm_plan_routes(const struct vnm_network *net, struct vnm_plan *plan);

#endif
