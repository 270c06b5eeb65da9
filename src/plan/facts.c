/* SPDX-License-Identifier: GPL-2.0-or-later */
/* facts.c - find facts of the host. */
#include "plan/facts.h"

#include <stdlib.h>
#include <string.h>

#include "plan/op/op.h"
#include "util/mem.h"

static void uplink_clear(struct vnm_fact_uplink *uplink)
{
	for (size_t i = 0; i < uplink->n_settings; i++)
		free(uplink->settings[i].value);
	free(uplink->settings);
	free(uplink->addresses);
	free(uplink->routes);
	free(uplink->neighbours);
}

/**
 * vnm_facts_clear() - free what the facts hold
 * @facts: becomes all zero
 */
void vnm_facts_clear(struct vnm_facts *facts)
{
	free(facts->links);
	free(facts->routes);
	free(facts->addresses);
	free(facts->dnsmasq);
	free(facts->dnsmasq_user);
	free(facts->frr_conf);
	free(facts->frr_sockets);
	free(facts->dnsmasq_group);
	for (size_t i = 0; i < facts->n_bridges; i++) {
		free(facts->bridges[i].network);
		free(facts->bridges[i].bridge);
		free(facts->bridges[i].vrf);
		free(facts->bridges[i].subnets);
	}
	free(facts->bridges);
	for (size_t i = 0; i < facts->n_listeners; i++)
		free(facts->listeners[i].process);
	free(facts->listeners);
	for (size_t i = 0; i < facts->n_zones; i++)
		free(facts->zones[i]);
	free(facts->zones);
	for (size_t i = 0; i < facts->n_uplinks; i++)
		uplink_clear(&facts->uplinks[i]);
	free(facts->uplinks);
	free(facts->vfs);
	*facts = (struct vnm_facts){ 0 };
}

/**
 * vnm_facts_link() - find a device by name
 * @facts: what was observed
 * @name:  the device's name
 *
 * Return: the device, or NULL.
 */
const struct vnm_fact_link *vnm_facts_link(const struct vnm_facts *facts, const char *name)
{
	for (size_t i = 0; i < facts->n_links; i++)
		if (!strcmp(facts->links[i].name, name))
			return &facts->links[i];
	return NULL;
}

/**
 * vnm_facts_link_index() - find a device by number
 * @facts:   what was observed
 * @ifindex: the kernel's number for it
 *
 * Return: the device, or NULL.
 */
const struct vnm_fact_link *vnm_facts_link_index(const struct vnm_facts *facts, int ifindex)
{
	for (size_t i = 0; i < facts->n_links; i++)
		if (facts->links[i].index == ifindex)
			return &facts->links[i];
	return NULL;
}

/** vnm_facts_network() - another network with a bridge, as observed; NULL: there is none. */
const struct vnm_fact_bridge *vnm_facts_network(const struct vnm_facts *facts, const char *network)
{
	for (size_t i = 0; i < facts->n_bridges; i++)
		if (!strcmp(facts->bridges[i].network, network))
			return &facts->bridges[i];
	return NULL;
}

/**
 * vnm_facts_bridge() - the bridge of another network
 * @facts:   what was observed
 * @network: the network's name
 *
 * Return: the bridge's name, or NULL.
 */
const char *vnm_facts_bridge(const struct vnm_facts *facts, const char *network)
{
	const struct vnm_fact_bridge *found = vnm_facts_network(facts, network);

	return found ? found->bridge : NULL;
}

/**
 * vnm_facts_uplink() - what was observed of an uplink
 * @facts: what was observed
 * @dev:   the device's name
 *
 * Return: it, or NULL when it was not read or does not exist.
 */
const struct vnm_fact_uplink *vnm_facts_uplink(const struct vnm_facts *facts, const char *dev)
{
	for (size_t i = 0; i < facts->n_uplinks; i++)
		if (!strcmp(facts->uplinks[i].dev, dev))
			return &facts->uplinks[i];
	return NULL;
}

/** vnm_facts_has_zone() - does firewalld have a zone of this name, as far as it was queried? */
bool vnm_facts_has_zone(const struct vnm_facts *facts, const char *name)
{
	for (size_t i = 0; i < facts->n_zones; i++)
		if (!strcmp(facts->zones[i], name))
			return true;
	return false;
}

/** vnm_facts_add_zone() - note that firewalld has the zone @name */
void vnm_facts_add_zone(struct vnm_facts *facts, const char *name)
{
	facts->zones = vnm_array_add(facts->zones, &facts->n_zones, sizeof(*facts->zones));
	facts->zones[facts->n_zones - 1] = vnm_strdup(name);
}

/**
 * vnm_facts_recall_zone() - the zone that was chosen at start, when firewalld was not queried or did not answer
 * @facts: what was observed
 * @plan:  the network's journal
 */
void vnm_facts_recall_zone(struct vnm_facts *facts, const struct vnm_plan *plan)
{
	for (size_t i = 0; !facts->firewalld && i < plan->n; i++)
		if (plan->ops[i].type == VNM_OP_ZONE && plan->ops[i].zone.by_default)
			vnm_facts_add_zone(facts, plan->ops[i].zone.zone);
}

/**
 * vnm_facts_recall_uplink() - what a device had before a bridge took over its addresses
 * @facts: include the device
 * @dev:   its name
 * @plan:  the journal of a network whose uplink it may be; otherwise nothing happens
 */
void vnm_facts_recall_uplink(struct vnm_facts *facts, const char *dev, const struct vnm_plan *plan)
{
	struct vnm_fact_uplink *fact = (struct vnm_fact_uplink *)vnm_facts_uplink(facts, dev);

	for (size_t i = 0; fact && i < plan->n; i++) {
		const struct vnm_op_uplink *op = &plan->ops[i].uplink;

		if (plan->ops[i].type != VNM_OP_UPLINK || strcmp(op->dev, dev) != 0)
			continue;
		free(fact->addresses);
		free(fact->routes);
		free(fact->neighbours);
		fact->since = op->since;
		fact->global = op->global;
		fact->addresses = op->addresses ? vnm_strdup(op->addresses) : NULL;
		fact->routes = op->routes ? vnm_strdup(op->routes) : NULL;
		fact->neighbours = op->neighbours ? vnm_strdup(op->neighbours) : NULL;
	}
}

/**
 * vnm_dnsmasq_paths_clear() - free the paths
 * @places: becomes all zero
 */
void vnm_dnsmasq_paths_clear(struct vnm_dnsmasq_paths *places)
{
	free(places->dnsmasq_dir);
	free(places->lease_file);
	*places = (struct vnm_dnsmasq_paths){ 0 };
}

/**
 * vnm_facts_forget() - remove a device and its routes from the facts
 * @facts: what was observed
 * @name:  the device, for example a network's own, when checking it against the rest of the host
 */
void vnm_facts_forget(struct vnm_facts *facts, const char *name)
{
	const struct vnm_fact_link *link = vnm_facts_link(facts, name);
	int index = link ? link->index : 0;
	size_t n = 0;

	if (!link)
		return;
	for (size_t i = 0; i < facts->n_links; i++)
		if (facts->links[i].index != index)
			facts->links[n++] = facts->links[i];
	facts->n_links = n;
	n = 0;
	for (size_t i = 0; i < facts->n_routes; i++)
		if (facts->routes[i].ifindex != index)
			facts->routes[n++] = facts->routes[i];
	facts->n_routes = n;
}
