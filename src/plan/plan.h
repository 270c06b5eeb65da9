/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan.h - a definition and what was seen of the host become a list of operations. Pure: decides all, does nothing. */
#ifndef VNM_PLAN_PLAN_H
#define VNM_PLAN_PLAN_H

#include "plan/facts.h"
#include "model/network.h"
#include "plan/op/op.h"
#include "util/error.h"

int vnm_plan_start(const struct vnm_network *net, const struct vnm_facts *facts,
		   const struct vnm_dnsmasq_paths *places, struct vnm_plan *ret,
		   struct vnm_error *err);
uint32_t vnm_plan_group(const struct vnm_network *net);
bool vnm_plan_guards_service(const struct vnm_network *net);
void vnm_plan_frames(const struct vnm_network *net, const struct vnm_mac *mac,
		     struct vnm_plan *plan);
void vnm_plan_bandwidth(const struct vnm_network *net, const struct vnm_facts *facts,
			struct vnm_plan *plan);
void vnm_plan_guest_bandwidth(const char *dev, const struct vnm_portgroup *group,
			      const struct vnm_facts *facts, struct vnm_plan *plan);
bool vnm_plan_has_rules6(const struct vnm_network *net);
void vnm_plan_firewall(const struct vnm_network *net, const struct vnm_facts *facts,
		       struct vnm_plan *plan);
void vnm_plan_uplink_settings(const struct vnm_network *net, const struct vnm_facts *facts,
			      struct vnm_plan *plan);
void vnm_plan_uplink(const struct vnm_network *net, const struct vnm_facts *facts,
		     struct vnm_plan *plan);

/** struct vnm_other_net - another network, as far as it can be in the way. */
struct vnm_other_net {
	const struct vnm_network *net;
	bool active;
};

int vnm_conflict_define(const struct vnm_network *net, const struct vnm_other_net *peers, size_t n,
			struct vnm_warnings *warnings, struct vnm_error *err);
int vnm_conflict_start(const struct vnm_network *net, const struct vnm_network *old,
		       const struct vnm_facts *facts, const struct vnm_other_net *peers, size_t n,
		       struct vnm_warnings *warnings, struct vnm_error *err);
int vnm_conflict_forwards(const struct vnm_network *net, const struct vnm_network *old,
			  const struct vnm_other_net *peers, size_t n, struct vnm_error *err);

/** enum vnm_loss - what a service of the host loses: nothing, some of its addresses, all. In that order. */
enum vnm_loss { VNM_LOSS_NONE, VNM_LOSS_PART, VNM_LOSS_ALL };

enum vnm_loss vnm_conflict_listener(const struct vnm_network *net, const struct vnm_network *old,
				    const struct vnm_fact_listener *listener);
int vnm_conflict_listeners(const struct vnm_network *net, const struct vnm_network *old,
			   const struct vnm_facts *facts, struct vnm_warnings *warnings,
			   struct vnm_error *err);
int vnm_bridge_name_pick(const char *template_name, const struct vnm_facts *facts,
			 const struct vnm_other_net *peers, size_t n,
			 char ret[static VNM_IFNAME_SIZE], struct vnm_error *err);

#endif
