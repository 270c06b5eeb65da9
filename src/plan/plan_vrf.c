/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plan_vrf.c - a network in a VRF: the device, the ways into it and out of it. Pure.
 *
 * Theory of operation. The routing rules, in the order of their preference:
 *
 *     0  the host's own addresses, those of devices outside of VRFs
 *   990  answers to guests behind NAT: by their mark, into the table of the VRF (sys/firewall/ct_zone.c)
 *  1000  what is in a VRF: its table. The kernel's rule
 *  1005  to and from a network of another VRF, or of none: <vnm:allow>
 *  1010  guests behind NAT: the main table, as whatever the host itself sends. So they leave as those of other networks do
 *  1020  what has no route by now: unreachable
 *
 * All but 990 name the device that packets came by. To routing that is the bridge in IPv4 and the VRF in IPv6; since Linux 6.15 the VRF
 * in both. To the firewall it is the VRF (plan/firewall/fw_build.c).
 */
#include "plan/plan_vrf.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "model/vrf.h"
#include "plan/firewall/fw_build.h"
#include "util/mem.h"

static const int families[] = { AF_INET, AF_INET6 };

/* ---- the device, and whose connections are whose ---- */

/** vnm_plan_vrf() - plan the VRF that a network is in; none where it is in none. */
void vnm_plan_vrf(const struct vnm_network *net, struct vnm_plan *plan)
{
	struct vnm_op_vrf *vrf;

	if (!net->vrf.at.present)
		return;
	vrf = &vnm_plan_add(plan, VNM_OP_VRF)->vrf;
	vrf->name = vnm_strdup(net->vrf.name);
	vrf->table = net->vrf.table.v;
}

static void list_subnets(const struct vnm_fw *fw, struct vnm_buf *out)
{
	struct vnm_prefix subnet;
	char text[VNM_PREFIX_STRLEN];

	for (size_t i = 0; vnm_fw_next_source(fw, &i, &subnet);)
		vnm_buf_printf(out, "%s%s", out->len ? "," : "", vnm_prefix_format(&subnet, text));
}

/** vnm_plan_ct_zone() - plan what tells the connections of a network in a VRF from those of others. */
void vnm_plan_ct_zone(const struct vnm_network *net, struct vnm_plan *plan)
{
	vnm_autobuf struct vnm_buf subnets = { 0 }, marked = { 0 }, entered = { 0 };
	const char *dev = vnm_network_forward_dev(net);
	struct vnm_op_ct_zone *zone;

	if (!net->vrf.at.present)
		return;
	for (size_t i = 0; i < VNM_ARRAY_SIZE(families); i++) {
		const struct vnm_fw fw = { .net = net, .family = families[i] };

		list_subnets(&fw, &subnets);
		list_subnets(&fw, vnm_fw_translates(&fw) ? &marked : &entered);
	}
	zone = &vnm_plan_add(plan, VNM_OP_CT_ZONE)->ct_zone;
	zone->bridge = vnm_strdup(net->bridge.name);
	zone->subnets = vnm_strdup(vnm_buf_str(&subnets));
	zone->marked = vnm_strdup(vnm_buf_str(&marked));
	zone->zone = (uint16_t)net->vrf.table.v;
	zone->mark = vnm_vrf_mark(net);
	if (!dev || !entered.len)
		return;
	zone->device = vnm_strdup(dev);
	zone->entered = vnm_strdup(vnm_buf_str(&entered));
}

/** vnm_plan_vrf_table() - routes of a network in a VRF are in its table. @plan: has them */
void vnm_plan_vrf_table(const struct vnm_network *net, struct vnm_plan *plan)
{
	for (size_t i = 0; net->vrf.at.present && i < plan->n; i++)
		if (plan->ops[i].type == VNM_OP_ROUTE)
			plan->ops[i].route.table = net->vrf.table.v;
}

/* ---- routing rules ---- */

static void add(struct vnm_plan *plan, const struct vnm_op_routing_rule *rule)
{
	struct vnm_op_routing_rule *to = &vnm_plan_add(plan, VNM_OP_ROUTING_RULE)->routing_rule;

	*to = *rule;
	to->in = rule->in ? vnm_strdup(rule->in) : NULL;
}

static const char *device(int family, const char *vrf, const char *bridge)
{
	return vrf && family == AF_INET6 ? vrf : bridge;
}

static const char *own_device(int family, const struct vnm_network *net)
{
	return device(family, net->vrf.at.present ? net->vrf.name : NULL, net->bridge.name);
}

/* Out by the main table, and back by the mark. */
static void plan_outside(const struct vnm_network *net, const struct vnm_prefix *subnet,
			 struct vnm_plan *plan)
{
	struct vnm_op_routing_rule rule = { .family = subnet->addr.family };

	rule.pref = VNM_PREF_ANSWERS;
	rule.to = *subnet;
	rule.mark = vnm_vrf_mark(net);
	rule.table = net->vrf.table.v;
	add(plan, &rule);
	rule = (struct vnm_op_routing_rule){ .family = rule.family,
					     .pref = VNM_PREF_OUTSIDE,
					     .from = *subnet,
					     .in = (char *)own_device(rule.family, net),
					     .table = VNM_TABLE_MAIN };
	add(plan, &rule);
}

static void plan_unreachable(const struct vnm_network *net, const struct vnm_prefix *subnet,
			     struct vnm_plan *plan)
{
	const int family = subnet->addr.family;

	add(plan, &(struct vnm_op_routing_rule){ .family = family,
						 .pref = VNM_PREF_UNREACHABLE,
						 .from = *subnet,
						 .in = (char *)own_device(family, net) });
}

/* To each subnet of the other network, and back; that only answers come back is the firewall's work. */
static void plan_allowed(const struct vnm_network *net, const struct vnm_prefix *subnet,
			 const struct vnm_fact_bridge *other, struct vnm_plan *plan)
{
	const int family = subnet->addr.family;
	struct vnm_op_routing_rule there = { .family = family,
					     .pref = VNM_PREF_ALLOWED,
					     .from = *subnet,
					     .in = (char *)own_device(family, net),
					     .table = other->table };
	struct vnm_op_routing_rule back = { .family = family,
					    .pref = VNM_PREF_ALLOWED,
					    .to = *subnet,
					    .in = (char *)device(family, other->vrf, other->bridge),
					    .table = vnm_vrf_table(net) };

	for (size_t i = 0; i < other->n_subnets; i++) {
		if (other->subnets[i].addr.family != family)
			continue;
		there.to = back.from = other->subnets[i];
		add(plan, &there);
		add(plan, &back);
	}
}

static void plan_allows(const struct vnm_plan_input *in, const struct vnm_prefix *subnet,
			struct vnm_plan *plan)
{
	for (size_t i = 0; i < in->net->n_allows; i++) {
		const struct vnm_fact_bridge *other =
			vnm_facts_network(in->facts, in->net->allows[i].network);

		if (other && other->table != vnm_vrf_table(in->net))
			plan_allowed(in->net, subnet, other, plan);
	}
}

/**
 * vnm_plan_routing_rules() - plan the ways out of a network's VRF, and to networks in others
 * @in:   the network, and what is known of those that it may reach
 * @plan: gets the operations
 */
void vnm_plan_routing_rules(const struct vnm_plan_input *in, struct vnm_plan *plan)
{
	const struct vnm_network *net = in->net;

	for (size_t f = 0; f < VNM_ARRAY_SIZE(families); f++) {
		const struct vnm_fw fw = { .net = net, .family = families[f] };
		struct vnm_prefix subnet;

		for (size_t i = 0; vnm_fw_next_source(&fw, &i, &subnet);) {
			if (net->vrf.at.present && vnm_fw_translates(&fw))
				plan_outside(net, &subnet, plan);
			plan_allows(in, &subnet, plan);
			if (net->vrf.at.present)
				plan_unreachable(net, &subnet, plan);
		}
	}
}

/* An active network that is routed by a table, other than @except, with a subnet that overlaps; NULL: there is none. */
static const struct vnm_fact_bridge *rival(const struct vnm_facts *facts, uint32_t table,
					   const struct vnm_prefix *subnet, const char *except)
{
	for (size_t i = 0; i < facts->n_bridges; i++) {
		const struct vnm_fact_bridge *fact = &facts->bridges[i];

		for (size_t k = 0; fact->active && fact->table == table && k < fact->n_subnets; k++)
			if (strcmp(fact->network, except) != 0 &&
			    vnm_prefix_overlaps(subnet, &fact->subnets[k]))
				return fact;
	}
	return NULL;
}

static int refuse_allow(const struct vnm_network *net, const struct vnm_fact_bridge *other,
			const struct vnm_prefix *subnet, const struct vnm_fact_bridge *rival,
			struct vnm_error *err)
{
	char text[VNM_PREFIX_STRLEN];

	return vnm_error_set(
		err, VNM_ERR_SUBNET_IN_USE, EADDRINUSE,
		"guests of network '%s' cannot be allowed to reach network '%s' "
		"(<vnm:allow>), which is in another VRF, or one of them in none: subnet "
		"%s is that of network '%s', too; choose another <ip>",
		net->name, other->network, vnm_prefix_format(subnet, text), rival->network);
}

/*
 * The way there is looked for among the networks of its own VRF first, and the way back among those of the other; but with NAT
 * guests have an address of the other network.
 */
static int check_allow(const struct vnm_network *net, const struct vnm_facts *facts,
		       const struct vnm_fact_bridge *other, struct vnm_error *err)
{
	const struct vnm_fact_bridge *found;

	for (size_t i = 0; i < other->n_subnets; i++) {
		found = rival(facts, vnm_vrf_table(net), &other->subnets[i], "");
		if (found)
			return refuse_allow(net, other, &other->subnets[i], found, err);
	}
	for (size_t i = 0; i < net->n_ips; i++) {
		const struct vnm_prefix prefix = vnm_ip_prefix(&net->ips[i]);
		const struct vnm_prefix mine = vnm_prefix_network(&prefix);
		const struct vnm_fw fw = { .net = net, .family = mine.addr.family };

		found = vnm_fw_translates(&fw) ? NULL
					       : rival(facts, other->table, &mine, net->name);
		if (found)
			return refuse_allow(net, other, &mine, found, err);
	}
	return 0;
}

/**
 * vnm_plan_check_vrf() - can guests reach the networks that they may, in other VRFs, by addresses that are of these alone?
 * @net:   the network
 * @facts: the other networks
 * @err:   VNM_ERR_SUBNET_IN_USE
 *
 * Return: 0 or -errno.
 */
int vnm_plan_check_vrf(const struct vnm_network *net, const struct vnm_facts *facts,
		       struct vnm_error *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < net->n_allows; i++) {
		const struct vnm_fact_bridge *other =
			vnm_facts_network(facts, net->allows[i].network);

		if (other && other->table != vnm_vrf_table(net))
			r = check_allow(net, facts, other, err);
	}
	return r;
}
