/* SPDX-License-Identifier: GPL-2.0-or-later */
/* other_net.h - another network, and what two may have in common: a name, a bridge, a subnet. Pure. */
#ifndef VNM_PLAN_OTHER_NET_H
#define VNM_PLAN_OTHER_NET_H

#include <stdbool.h>

#include "model/network.h"
#include "util/error.h"

/** struct vnm_other_net - another network, as far as it can conflict. */
struct vnm_other_net {
	const struct vnm_network *net;
	bool active;
};

bool vnm_conflict_same(const struct vnm_network *a, const struct vnm_network *b);
bool vnm_conflict_link_local(const struct vnm_prefix *prefix);
const char *vnm_conflict_bridge_name(const struct vnm_network *net);
int vnm_conflict_bridge(const struct vnm_network *net, const struct vnm_network *other,
			struct vnm_error *err);
bool vnm_conflict_password(const struct vnm_network *net, const struct vnm_network *other);
int vnm_conflict_evpn(const struct vnm_network *net, const struct vnm_network *other,
		      struct vnm_error *err);
int vnm_conflict_vni(const struct vnm_network *net, const struct vnm_network *other,
		     struct vnm_error *err);
bool vnm_conflict_has_subnet(const struct vnm_network *net, const struct vnm_prefix *subnet);
bool vnm_conflict_overlap(const struct vnm_network *net, const struct vnm_network *old,
			  const struct vnm_network *other, struct vnm_prefix *ret);

#endif
