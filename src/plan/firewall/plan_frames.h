/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan_frames.h - which frames of guests their bridge drops. Pure. */
#ifndef VNM_PLAN_PLAN_FRAMES_H
#define VNM_PLAN_PLAN_FRAMES_H

#include "model/network.h"
#include "plan/facts.h"
#include "plan/op/op.h"

bool vnm_plan_serves(const struct vnm_network *net);
bool vnm_plan_guards_service(const struct vnm_network *net);
void vnm_plan_frames(const struct vnm_network *net, const struct vnm_mac *mac,
		     const struct vnm_facts *facts, struct vnm_plan *plan);

#endif
