/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan_uplink.c - the uplink of a network: what its bridge takes over from the device. Pure. */
#include "plan/plan_uplink.h"

#include "util/mem.h"

/**
 * vnm_plan_uplink_settings() - give the bridge the uplink's network settings
 * @net:   a network with an uplink
 * @facts: include its device
 * @plan:  gets an operation for each setting that a new bridge would not have
 */
void vnm_plan_uplink_settings(const struct vnm_network *net, const struct vnm_facts *facts,
			      struct vnm_plan *plan)
{
	const struct vnm_fact_uplink *fact = vnm_facts_uplink(facts, net->uplink.dev);

	for (size_t i = 0; i < fact->n_settings; i++) {
		const struct vnm_fact_setting *setting = &fact->settings[i];

		vnm_plan_add_sysctl(plan, setting->value, "net/%s/conf/%s/%s", setting->family,
				    net->bridge.name, setting->name);
	}
}

static char *copy_list(const char *list)
{
	return list && *list ? vnm_strdup(list) : NULL;
}

/**
 * vnm_plan_uplink() - enslave the uplink, when the bridge exists and is up
 *
 * Arguments as vnm_plan_uplink_settings().
 */
void vnm_plan_uplink(const struct vnm_network *net, const struct vnm_facts *facts,
		     struct vnm_plan *plan)
{
	const struct vnm_fact_uplink *fact = vnm_facts_uplink(facts, net->uplink.dev);
	struct vnm_op_uplink *op = &vnm_plan_add(plan, VNM_OP_UPLINK)->uplink;

	op->bridge = vnm_strdup(net->bridge.name);
	op->dev = vnm_strdup(net->uplink.dev);
	op->mac = vnm_facts_link(facts, net->uplink.dev)->mac;
	op->since = fact->since;
	op->global = fact->global;
	op->addresses = copy_list(fact->addresses);
	op->routes = copy_list(fact->routes);
	op->neighbours = copy_list(fact->neighbours);
}
