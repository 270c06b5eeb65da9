/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan_bandwidth.h - the limits of traffic: of a network on its bridge, of one guest on its device. Pure. */
#ifndef VNM_PLAN_PLAN_BANDWIDTH_H
#define VNM_PLAN_PLAN_BANDWIDTH_H

#include "plan/op/op.h"
#include "plan/plan_input.h"

void vnm_plan_bandwidth(const struct vnm_plan_input *in, struct vnm_plan *plan);
void vnm_plan_guest_bandwidth(const char *dev, const struct vnm_portgroup *group,
			      const struct vnm_facts *facts, struct vnm_plan *plan);

#endif
