/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan_overlay.h - what a network on many hosts has besides. Pure. */
#ifndef VNM_PLAN_PLAN_OVERLAY_H
#define VNM_PLAN_PLAN_OVERLAY_H

#include "plan/op/op.h"
#include "plan/plan_input.h"

int vnm_plan_check_overlay(const struct vnm_network *net, struct vnm_error *err);
void vnm_plan_overlay_device(const struct vnm_plan_input *in, struct vnm_plan *plan);
void vnm_plan_overlay_addresses(const struct vnm_network *net, struct vnm_plan *plan);
void vnm_plan_overlay_filter(const struct vnm_network *net, const struct vnm_facts *facts,
			     struct vnm_plan *plan);
void vnm_plan_overlay_routes(const struct vnm_network *net, struct vnm_plan *plan);
void vnm_plan_overlay_port(const struct vnm_plan_input *in, struct vnm_plan *plan);

#endif
