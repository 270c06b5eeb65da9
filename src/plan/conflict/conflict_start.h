/* SPDX-License-Identifier: GPL-2.0-or-later */
/* conflict_start.h - may a network start beside those that are active, and on this host? Pure. */
#ifndef VNM_PLAN_CONFLICT_START_H
#define VNM_PLAN_CONFLICT_START_H

#include "plan/conflict/other_net.h"
#include "plan/plan_input.h"

int vnm_conflict_start(const struct vnm_plan_input *in, const struct vnm_network *old,
		       const struct vnm_other_net *others, size_t n, struct vnm_warnings *warnings,
		       struct vnm_error *err);
bool vnm_conflict_meets_route(const struct vnm_network *net, const struct vnm_fact_route *route);

#endif
