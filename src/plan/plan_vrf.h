/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan_vrf.h - a network in a VRF: the device, the ways into it and out of it. */
#ifndef VNM_PLAN_VRF_H
#define VNM_PLAN_VRF_H

#include "plan/op/op.h"
#include "plan/plan_input.h"

int vnm_plan_check_vrf(const struct vnm_network *net, const struct vnm_facts *facts,
		       struct vnm_error *err);
void vnm_plan_vrf(const struct vnm_network *net, struct vnm_plan *plan);
void vnm_plan_routing_rules(const struct vnm_plan_input *in, struct vnm_plan *plan);
void vnm_plan_ct_zone(const struct vnm_network *net, struct vnm_plan *plan);
void vnm_plan_vrf_table(const struct vnm_network *net, struct vnm_plan *plan);

#endif
