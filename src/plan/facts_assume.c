/* SPDX-License-Identifier: GPL-2.0-or-later */
/* facts_assume.c - the facts of the host as they will be when a network is up. Pure. */
#include "plan/facts_assume.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "util/mem.h"

/* Numbers that the kernel does not assign to devices. */
static int free_index(const struct vnm_facts *facts)
{
	int index = -1;

	while (vnm_facts_link_index(facts, index))
		index--;
	return index;
}

static struct vnm_fact_link *find_link(struct vnm_facts *facts, const char *name)
{
	return (struct vnm_fact_link *)vnm_facts_link(facts, name);
}

static void add_link(struct vnm_facts *facts, const char *name, const char *kind,
		     const struct vnm_mac *mac)
{
	struct vnm_fact_link *link = find_link(facts, name);
	int index = free_index(facts);

	if (link)
		return; /* the network is up already, and changed */
	facts->links = vnm_array_add(facts->links, &facts->n_links, sizeof(*facts->links));
	link = &facts->links[facts->n_links - 1];
	link->index = index;
	snprintf(link->name, sizeof(link->name), "%s", name);
	snprintf(link->kind, sizeof(link->kind), "%s", kind);
	link->mac = *mac;
	link->up = true;
}

/* What it has now is in its plan. */
static void drop_routes(struct vnm_facts *facts, const char *dev)
{
	const struct vnm_fact_link *link = vnm_facts_link(facts, dev);
	size_t n = 0;

	for (size_t i = 0; link && i < facts->n_routes; i++)
		if (facts->routes[i].ifindex != link->index)
			facts->routes[n++] = facts->routes[i];
	if (link)
		facts->n_routes = n;
}

static void add_route(struct vnm_facts *facts, const char *dev, const struct vnm_prefix *prefix,
		      bool via)
{
	const struct vnm_fact_link *link = vnm_facts_link(facts, dev);

	if (!link)
		return;
	facts->routes = vnm_array_add(facts->routes, &facts->n_routes, sizeof(*facts->routes));
	facts->routes[facts->n_routes - 1] = (struct vnm_fact_route){
		.prefix = *prefix, .ifindex = link->index, .via = via,
	};
}

/* The bridge took over the device's addresses and routes. */
static void move_to_bridge(struct vnm_facts *facts, const struct vnm_op_uplink *uplink)
{
	struct vnm_fact_link *dev = find_link(facts, uplink->dev);
	const struct vnm_fact_link *bridge = find_link(facts, uplink->bridge);

	if (!dev || !bridge)
		return;
	dev->master = bridge->index;
	for (size_t i = 0; i < facts->n_routes; i++)
		if (facts->routes[i].ifindex == dev->index)
			facts->routes[i].ifindex = bridge->index;
	for (size_t i = 0; i < facts->n_addresses; i++)
		if (facts->addresses[i].ifindex == dev->index)
			facts->addresses[i].ifindex = bridge->index;
}

static void assume_address(struct vnm_facts *facts, const struct vnm_op_address *address)
{
	struct vnm_prefix subnet = vnm_prefix_network(&address->addr);

	add_route(facts, address->dev, &subnet, false);
}

static void assume_op(struct vnm_facts *facts, const struct vnm_op *op)
{
	if (op->type == VNM_OP_BRIDGE)
		add_link(facts, op->bridge.name, "bridge", &op->bridge.mac);
	else if (op->type == VNM_OP_MACVLAN)
		add_link(facts, op->macvlan.name, "macvlan", &op->macvlan.mac);
	else if (op->type == VNM_OP_ADDRESS)
		assume_address(facts, &op->address);
	else if (op->type == VNM_OP_ROUTE)
		add_route(facts, op->route.dev, &op->route.dst,
			  op->route.gateway.family != AF_UNSPEC);
	else if (op->type == VNM_OP_UPLINK)
		move_to_bridge(facts, &op->uplink);
	else if (op->type == VNM_OP_FORWARDING && op->forwarding.family == AF_INET)
		facts->forwarding4 = true;
	else if (op->type == VNM_OP_FORWARDING)
		facts->forwarding6 = true;
}

/**
 * vnm_facts_assume() - change the facts to what they will be when a network is up
 * @facts: what was observed; becomes what will be observed
 * @plan:  of the network, which may be up already with another plan
 */
void vnm_facts_assume(struct vnm_facts *facts, const struct vnm_plan *plan)
{
	const struct vnm_op *bridge = vnm_plan_find(plan, VNM_OP_BRIDGE);

	if (bridge && !vnm_plan_find(plan, VNM_OP_UPLINK))
		drop_routes(facts, bridge->bridge.name);
	for (size_t i = 0; i < plan->n; i++)
		assume_op(facts, &plan->ops[i]);
}
