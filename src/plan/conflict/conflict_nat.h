/* SPDX-License-Identifier: GPL-2.0-or-later */
/* conflict_nat.h - do other networks have the same port forwarding or translation? Pure. */
#ifndef VNM_PLAN_CONFLICT_NAT_H
#define VNM_PLAN_CONFLICT_NAT_H

#include "plan/conflict/other_net.h"
#include "util/buf.h"

int vnm_conflict_forwards(const struct vnm_network *net, const struct vnm_network *old,
			  const struct vnm_other_net *others, size_t n, struct vnm_error *err);
void vnm_conflict_warn_forwards(const struct vnm_network *net, const struct vnm_network *other,
				struct vnm_warnings *warnings);
bool vnm_conflict_had_forward(const struct vnm_network *old,
			      const struct vnm_port_forward *forward);
bool vnm_conflict_had_static(const struct vnm_network *old, const struct vnm_addr *outside);
void vnm_conflict_format_ports(const struct vnm_port_forward *forward, struct vnm_buf *out);

#endif
