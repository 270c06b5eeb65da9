/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan_uplink.h - the uplink of a network: what its bridge takes over from the device. Pure. */
#ifndef VNM_PLAN_PLAN_UPLINK_H
#define VNM_PLAN_PLAN_UPLINK_H

#include "plan/op/op.h"
#include "plan/plan_input.h"

void vnm_plan_uplink_settings(const struct vnm_network *net, const struct vnm_facts *facts,
			      struct vnm_plan *plan);
void vnm_plan_uplink(const struct vnm_plan_input *in, struct vnm_plan *plan);

#endif
