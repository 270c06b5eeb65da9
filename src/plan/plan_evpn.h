/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan_evpn.h - by which BGP the hosts of an overlay find each other. Pure. */
#ifndef VNM_PLAN_PLAN_EVPN_H
#define VNM_PLAN_PLAN_EVPN_H

#include "plan/op/op.h"
#include "plan/plan_input.h"

bool vnm_plan_leads_frr(const struct vnm_network *net, const struct vnm_facts *facts);
void vnm_plan_evpn_fill(const struct vnm_network *net, struct vnm_op_evpn *ret);
void vnm_plan_evpn(const struct vnm_plan_input *in, struct vnm_plan *plan);

#endif
