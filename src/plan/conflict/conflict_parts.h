/* SPDX-License-Identifier: GPL-2.0-or-later */
/* conflict_parts.h - what conflict.c and conflict_start.c share. Not for others. */
#ifndef VNM_PLAN_CONFLICT_PARTS_H
#define VNM_PLAN_CONFLICT_PARTS_H

#include "plan/plan.h"

bool vnm_conflict_same(const struct vnm_network *a, const struct vnm_network *b);
bool vnm_conflict_link_local(const struct vnm_prefix *prefix);
const char *vnm_conflict_bridge_name(const struct vnm_network *net);
int vnm_conflict_bridge(const struct vnm_network *net, const struct vnm_network *other,
			struct vnm_error *err);
bool vnm_conflict_has_subnet(const struct vnm_network *net, const struct vnm_prefix *subnet);
bool vnm_conflict_overlap(const struct vnm_network *net, const struct vnm_network *old,
			  const struct vnm_network *other, struct vnm_prefix *ret);
int vnm_conflict_uplink(const struct vnm_network *net, const struct vnm_network *old,
			const struct vnm_facts *facts, const struct vnm_other_net *peers, size_t n,
			struct vnm_warnings *warnings, struct vnm_error *err);
int vnm_conflict_pool(const struct vnm_network *net, const struct vnm_network *old,
		      const struct vnm_facts *facts, const struct vnm_other_net *peers, size_t n,
		      struct vnm_error *err);

bool vnm_conflict_had_forward(const struct vnm_network *old,
			      const struct vnm_port_forward *forward);
bool vnm_conflict_had_static(const struct vnm_network *old, const struct vnm_addr *outside);
void vnm_conflict_format_ports(const struct vnm_port_forward *forward, struct vnm_buf *out);
void vnm_conflict_warn_forwards(const struct vnm_network *net, const struct vnm_network *other,
				struct vnm_warnings *warnings);

#endif
