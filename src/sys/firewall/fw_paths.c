/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fw_paths.c - the packets of a network's guests that should pass, whatever other programs' chains they meet.
 *
 * Where iptables sees bridged packets (br_netfilter), those that never leave their bridge are among them, also of networks
 * without rules. A network with rules of one family alone is not about the other.
 */
#include "sys/firewall/fw_paths.h"

#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <linux/netfilter.h>

#include "sys/firewall/fw_snapshot.h"

static void add(struct vnm_fw_paths *paths, int hook, const struct vnm_fw_probe *probe,
		const char *what)
{
	if (paths->n < VNM_FW_PATHS_MAX)
		paths->items[paths->n++] = (struct vnm_fw_path){ hook, *probe, what };
}

/* DHCP, DNS or TFTP; who drops their TCP alone does little harm. */
static bool is_service(const struct vnm_op *op, enum vnm_fw_chain chain, int family)
{
	const struct vnm_fwrule *rule = &op->rule;

	return op->type == VNM_OP_RULE && rule->chain == chain && rule->family == family &&
	       rule->target == VNM_TARGET_ACCEPT && rule->dport && rule->proto == IPPROTO_UDP;
}

static void add_services(struct vnm_fw_paths *paths, const struct vnm_plan *plan,
			 enum vnm_fw_chain chain, int family)
{
	bool in = chain == VNM_CHAIN_INP;
	struct vnm_fw_probe probe = { .in = in ? paths->bridge : NULL,
				      .out = in ? NULL : paths->bridge,
				      .fresh = true,
				      .nfproto = family == AF_INET ? NFPROTO_IPV4 : NFPROTO_IPV6,
				      .proto = IPPROTO_UDP };

	for (size_t i = 0; i < plan->n; i++) {
		if (!is_service(&plan->ops[i], chain, family))
			continue;
		probe.dport = plan->ops[i].rule.dport;
		add(paths, in ? NF_INET_LOCAL_IN : NF_INET_LOCAL_OUT, &probe,
		    in ? "requests to the host of" : "the host's answers to");
	}
}

/* Without these a guest finds no router, and not even the host. */
static void add_discovery(struct vnm_fw_paths *paths, bool advertises)
{
	struct vnm_fw_probe in = { .in = paths->bridge,
				   .fresh = true,
				   .nfproto = NFPROTO_IPV6,
				   .proto = IPPROTO_ICMPV6,
				   .icmp6 = ND_NEIGHBOR_SOLICIT };
	struct vnm_fw_probe out = { .out = paths->bridge,
				    .fresh = true,
				    .nfproto = NFPROTO_IPV6,
				    .proto = IPPROTO_ICMPV6,
				    .icmp6 = ND_NEIGHBOR_ADVERT };

	add(paths, NF_INET_LOCAL_IN, &in, "neighbour solicitations of");
	add(paths, NF_INET_LOCAL_OUT, &out, "the host's neighbour advertisements to");
	if (!advertises)
		return;
	in.icmp6 = ND_ROUTER_SOLICIT;
	add(paths, NF_INET_LOCAL_IN, &in, "router solicitations of");
	out.icmp6 = ND_ROUTER_ADVERT;
	add(paths, NF_INET_LOCAL_OUT, &out, "the host's router advertisements to");
}

/** struct family - of a network: @routed: the host forwards its packets; @rules: it has any; @subnet: its only one */
struct family {
	bool routed, rules;
	struct vnm_prefix subnet;
	size_t n_subnets;
};

static void add_subnet(struct family *family, const struct vnm_prefix *subnet)
{
	family->subnet = *subnet;
	if (family->n_subnets++)
		family->subnet = (struct vnm_prefix){ 0 };
}

static void add_family(struct vnm_sys *sys, struct vnm_fw_paths *paths, uint8_t nfproto,
		       const struct family *own, const struct family *other)
{
	const char *bridge = paths->bridge;
	const struct vnm_prefix subnet = own->subnet;
	const struct vnm_fw_probe from = {
		.in = bridge, .out = "", .fresh = true, .nfproto = nfproto, .src = subnet
	};
	const struct vnm_fw_probe to = {
		.in = "", .out = bridge, .nfproto = nfproto, .dst = subnet
	};
	const struct vnm_fw_probe first = {
		.in = bridge, .fresh = true, .nfproto = nfproto, .src = subnet
	};
	const struct vnm_fw_probe within = {
		.in = bridge, .out = bridge, .fresh = true, .nfproto = nfproto
	};

	if (own->routed) {
		add(paths, NF_INET_PRE_ROUTING, &first, "packets of");
		add(paths, NF_INET_FORWARD, &from, "forwarded packets of");
		add(paths, NF_INET_FORWARD, &to, "forwarded packets of");
	}
	if ((own->rules || !other->rules) &&
	    vnm_fw_snapshot_bridged(sys, nfproto == NFPROTO_IPV6 ? AF_INET6 : AF_INET))
		add(paths, NF_INET_FORWARD, &within, "bridged packets of");
}

/**
 * vnm_fw_paths() - list the packets of a network's guests that should pass
 * @sys:  the handles
 * @plan: of the network
 * @ret:  gets them
 */
void vnm_fw_paths(struct vnm_sys *sys, const struct vnm_plan *plan, struct vnm_fw_paths *ret)
{
	struct family v4 = { 0 }, v6 = { 0 };
	bool serves = false;

	*ret = (struct vnm_fw_paths){ .bridge = NULL };
	for (size_t i = 0; i < plan->n; i++) {
		const struct vnm_op *op = &plan->ops[i];

		if (op->type == VNM_OP_BRIDGE)
			ret->bridge = op->bridge.name;
		else if (op->type == VNM_OP_REQUIRE_DEVICE && op->require_device.bridge)
			ret->bridge = op->require_device.name;
		else if (op->type == VNM_OP_DNSMASQ)
			serves = true;
		else if (op->type == VNM_OP_ADDRESS)
			add_subnet(op->address.addr.addr.family == AF_INET ? &v4 : &v6,
				   &op->address.addr);
		else if (op->type == VNM_OP_FORWARDING)
			(op->forwarding.family == AF_INET ? &v4 : &v6)->routed = true;
		else if (op->type == VNM_OP_RULE)
			(op->rule.family == AF_INET ? &v4 : &v6)->rules = true;
	}
	if (!ret->bridge)
		return;
	add_family(sys, ret, NFPROTO_IPV4, &v4, &v6);
	add_family(sys, ret, NFPROTO_IPV6, &v6, &v4);
	add_services(ret, plan, VNM_CHAIN_INP, AF_INET);
	add_services(ret, plan, VNM_CHAIN_OUT, AF_INET);
	add_services(ret, plan, VNM_CHAIN_INP, AF_INET6);
	add_services(ret, plan, VNM_CHAIN_OUT, AF_INET6);
	if (v6.rules && v6.n_subnets)
		add_discovery(ret, serves);
}
