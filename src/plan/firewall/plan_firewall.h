/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan_firewall.h - the firewall rules of one network. Pure. */
#ifndef VNM_PLAN_PLAN_FIREWALL_H
#define VNM_PLAN_PLAN_FIREWALL_H

#include "model/network.h"
#include "plan/op/op.h"
#include "plan/plan_input.h"

bool vnm_plan_has_rules6(const struct vnm_network *net);
void vnm_plan_firewall(const struct vnm_plan_input *in, struct vnm_plan *plan);

#endif
