/* SPDX-License-Identifier: GPL-2.0-or-later */
/* conflict_uplink.h - may a network have its uplink, or the devices of its pool? Pure. */
#ifndef VNM_PLAN_CONFLICT_UPLINK_H
#define VNM_PLAN_CONFLICT_UPLINK_H

#include "plan/conflict/other_net.h"
#include "plan/facts.h"

int vnm_conflict_uplink(const struct vnm_network *net, const struct vnm_network *old,
			const struct vnm_facts *facts, const struct vnm_other_net *others, size_t n,
			struct vnm_warnings *warnings, struct vnm_error *err);
int vnm_conflict_pool(const struct vnm_network *net, const struct vnm_network *old,
		      const struct vnm_facts *facts, const struct vnm_other_net *others, size_t n,
		      struct vnm_error *err);

#endif
