/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan_zone.h - which of firewalld's zones a bridge is to be in. Pure. */
#ifndef VNM_PLAN_PLAN_ZONE_H
#define VNM_PLAN_PLAN_ZONE_H

#include "model/network.h"
#include "plan/op/op.h"
#include "util/error.h"

struct vnm_facts;

bool vnm_zone_by_default(const struct vnm_network *net);
void vnm_zone_warn(const struct vnm_network *net, const struct vnm_facts *facts,
		   struct vnm_warnings *warnings);
void vnm_plan_zone(const struct vnm_network *net, const struct vnm_facts *facts,
		   struct vnm_plan *plan);

#endif
