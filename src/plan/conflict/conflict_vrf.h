/* SPDX-License-Identifier: GPL-2.0-or-later */
/* conflict_vrf.h - is a network's VRF its own, and its forward device in it, and does the host stay out of its subnets? */
#ifndef VNM_PLAN_CONFLICT_VRF_H
#define VNM_PLAN_CONFLICT_VRF_H

#include "plan/plan_input.h"

int vnm_conflict_vrf(const struct vnm_network *net, const struct vnm_network *other,
		     struct vnm_error *err);
int vnm_conflict_host_addresses(const struct vnm_network *net, const struct vnm_network *old,
				const struct vnm_facts *facts, struct vnm_error *err);
int vnm_conflict_forward_dev(const struct vnm_network *net, const struct vnm_network *old,
			     const struct vnm_facts *facts, struct vnm_warnings *warnings,
			     struct vnm_error *err);

#endif
