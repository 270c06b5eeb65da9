/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan_uplink.c - the uplink of a network: what its bridge takes over from the device. Pure. */
#include "plan/plan_uplink.h"

#include "model/vlan.h"
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

static void add_tags(struct vnm_vlan_members *members, const struct vnm_vlan *vlan)
{
	for (size_t i = 0; i < vlan->n_tags; i++)
		vnm_vlan_members_add(
			members, (struct vnm_vlan_member){ .id = (uint16_t)vlan->tags[i].id.v });
}

/* The VLANs of all guests, unless the definition says which; the host's has no tag. NULL: the bridge does not filter. */
static char *uplink_vlans(const struct vnm_plan_input *in)
{
	struct vnm_vlan_members members vnm_automembers = { 0 };
	const struct vnm_network *net = in->net;

	if (!vnm_network_filters_vlans(net))
		return NULL;
	if (net->uplink.vlans) {
		(void)vnm_vlan_list_parse(net->uplink.vlans, &members);
	} else {
		add_tags(&members, &net->vlan);
		for (size_t i = 0; i < net->n_portgroups; i++)
			add_tags(&members, &net->portgroups[i].vlan);
		for (size_t i = 0; in->guests && i < in->guests->n_items; i++)
			add_tags(&members, &in->guests->items[i].vlan);
	}
	vnm_vlan_members_add(&members, (struct vnm_vlan_member){ .id = vnm_network_host_vlan(net),
								 .pvid = true,
								 .untagged = true });
	vnm_vlan_members_sort(&members);
	return vnm_vlan_members_format(&members);
}

/**
 * vnm_plan_uplink() - enslave the uplink, when the bridge exists and is up
 * @in:   the network, its guests, and the facts, with its device
 * @plan: gets the operation
 */
void vnm_plan_uplink(const struct vnm_plan_input *in, struct vnm_plan *plan)
{
	const struct vnm_network *net = in->net;
	const struct vnm_facts *facts = in->facts;
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
	op->vlans = uplink_vlans(in);
}
