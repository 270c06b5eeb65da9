/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plan_nat.c - the rules for port forwarding and NAT: forwarded ports, redirections, source addresses, 1:1
 * addresses, and access to other networks.
 *
 * A forwarded port is a DNAT rule in nat PREROUTING, for the outside and guests, and in nat OUTPUT, for the host's
 * own connections. Both match only packets for the host, not forwarded ones. The rest goes by conntrack state:
 * FORWARD accepts what was translated, not what is sent to the guest's address directly; and what a guest of the
 * same network sent gets the bridge's address as its source, or the answer would go straight to it, from an address
 * that it did not connect to.
 */
#include "plan/firewall/plan_nat.h"

#include <sys/socket.h>

#include "model/overlay.h"

#define CHANCE_ALL (1ull << 31)

static uint8_t proto_number(enum vnm_proto proto)
{
	return proto == VNM_PROTO_TCP ? IPPROTO_TCP : proto == VNM_PROTO_UDP ? IPPROTO_UDP : 0;
}

static void set_ports(struct vnm_fwrule *rule, enum vnm_proto proto, struct vnm_port_range ports)
{
	rule->proto = proto_number(proto);
	rule->dport = ports.first;
	rule->dport_last = ports.last != ports.first ? ports.last : 0;
}

/* ---- forwarded ports ---- */

static void set_target(struct vnm_fwrule *rule, const struct vnm_port_forward *forward,
		       const struct vnm_forward_target *target)
{
	struct vnm_port_range to = vnm_port_forward_to_ports(forward, target);

	rule->to_first = rule->to_last = target->address;
	if (!target->port.set)
		return;
	rule->to_port_first = to.first;
	rule->to_port_last = to.last;
	if (to.first != to.last)
		rule->to_port_base = forward->port.first;
}

/*
 * Of several targets the first takes its share of all, the next its share of the rest, and the last the remainder.
 * Only the first packet of a connection comes here, so each stays with its target.
 */
static void add_destinations(struct vnm_fw *fw, enum vnm_fw_chain chain, struct vnm_fwrule rule,
			     const struct vnm_port_forward *forward)
{
	size_t n = vnm_port_forward_targets(forward);
	uint64_t rest = 0;

	for (size_t i = 0; i < n; i++)
		rest += vnm_port_forward_target(forward, i).weight.v;
	for (size_t i = 0; i < n; i++) {
		struct vnm_forward_target target = vnm_port_forward_target(forward, i);
		struct vnm_fwrule one = rule;

		if (i + 1 < n)
			one.chance = (uint32_t)(CHANCE_ALL * target.weight.v / rest);
		rest -= target.weight.v;
		set_target(&one, forward, &target);
		vnm_fw_add(fw, chain, VNM_TARGET_DNAT, one);
	}
}

static bool is_loopback4(const struct vnm_addr *addr)
{
	return addr->family == AF_INET && addr->b[0] == 127;
}

/*
 * Not loopback addresses: a packet for one of them from a device must be dropped, but DNAT would happen before the
 * kernel's check.
 */
static void add_from_devices(struct vnm_fw *fw, struct vnm_fwrule rule,
			     const struct vnm_port_forward *forward)
{
	if (is_loopback4(&rule.dst.addr))
		return;
	if (fw->family == AF_INET && rule.dst_local) {
		vnm_prefix_parse("127.0.0.0/8", &rule.dst);
		rule.dst_invert = true;
	}
	add_destinations(fw, VNM_CHAIN_PRE, rule, forward);
}

/* ::1 cannot be forwarded: the kernel accepts no answer to it from a device. */
static void add_from_host(struct vnm_fw *fw, struct vnm_fwrule rule,
			  const struct vnm_port_forward *forward)
{
	if (fw->family == AF_INET6 && rule.dst_local) {
		vnm_prefix_parse("::1/128", &rule.dst);
		rule.dst_invert = true;
	}
	add_destinations(fw, VNM_CHAIN_NOU, rule, forward);
}

static void add_forward(struct vnm_fw *fw, const struct vnm_port_forward *forward)
{
	struct vnm_fwrule rule = vnm_fw_between(forward->dev, NULL);

	set_ports(&rule, forward->proto, forward->port);
	rule.dst_local = forward->address.family == AF_UNSPEC;
	if (!rule.dst_local)
		rule.dst = vnm_prefix_only(&forward->address);
	add_from_devices(fw, rule, forward);
	if (!forward->dev)
		add_from_host(fw, rule, forward);
}

/* Where the network has a forward device, answers to what came by another one need a rule of their own. */
static void add_passage(struct vnm_fw *fw, const struct vnm_addr *guest, enum vnm_proto proto,
			struct vnm_port_range ports)
{
	const char *dev = vnm_fw_guest_dev(fw, guest);
	struct vnm_fwrule in = vnm_fw_between(NULL, dev), back = vnm_fw_between(dev, NULL);

	set_ports(&in, proto, ports);
	in.dst = vnm_prefix_only(guest);
	in.state = VNM_STATE_DNAT;
	vnm_fw_add(fw, VNM_CHAIN_FWI, VNM_TARGET_ACCEPT, in);
	if (!fw->dev)
		return;
	back.proto = proto_number(proto);
	back.src = vnm_prefix_only(guest);
	back.state = VNM_STATE_DNAT_REPLY;
	vnm_fw_add(fw, VNM_CHAIN_FWO, VNM_TARGET_ACCEPT, back);
}

/*
 * To guests of other hosts, too, a connection comes from this one: the answer to any other address would leave by the gateway
 * there, and to that of the gateway it would stay there.
 */
static bool is_elsewhere(const struct vnm_fw *fw, const struct vnm_addr *guest,
			 struct vnm_addr *ret_own)
{
	for (size_t i = 0; i < fw->net->n_ips; i++) {
		const struct vnm_prefix subnet = vnm_ip_prefix(&fw->net->ips[i]);

		if (vnm_prefix_contains(&subnet, guest) &&
		    vnm_overlay_own_address(&fw->net->overlay.host, &subnet, ret_own))
			return true;
	}
	return false;
}

/* With the bridge's address as the source. */
static void add_from_bridge(struct vnm_fw *fw, const struct vnm_addr *guest, struct vnm_fwrule rule)
{
	struct vnm_addr own;

	if (!is_elsewhere(fw, guest, &own)) {
		vnm_fw_add(fw, VNM_CHAIN_NAT, VNM_TARGET_MASQUERADE, rule);
		return;
	}
	rule.to_first = rule.to_last = own;
	vnm_fw_add(fw, VNM_CHAIN_NAT, VNM_TARGET_SNAT, rule);
}

static void add_hairpin(struct vnm_fw *fw, const struct vnm_addr *guest, bool loopback)
{
	struct vnm_fwrule rule = vnm_fw_between(NULL, vnm_fw_guest_dev(fw, guest));

	rule.state = VNM_STATE_DNAT;
	for (size_t i = 0; i < fw->net->n_ips; i++) {
		struct vnm_prefix subnet = vnm_ip_prefix(&fw->net->ips[i]);

		if (!vnm_prefix_contains(&subnet, guest))
			continue;
		rule.src = rule.dst = vnm_prefix_network(&subnet);
		add_from_bridge(fw, guest, rule);
		if (!loopback)
			continue;
		vnm_prefix_parse("127.0.0.0/8", &rule.src);
		add_from_bridge(fw, guest, rule);
	}
}

/* A guest whose answers would bypass the host, or that may be on another one: connections to it come from the bridge. */
static void add_masquerade(struct vnm_fw *fw, const struct vnm_port_forward *forward,
			   const struct vnm_forward_target *target)
{
	struct vnm_fwrule rule = vnm_fw_between(NULL, vnm_fw_guest_dev(fw, &target->address));
	struct vnm_addr own;

	if (forward->masquerade != VNM_TRI_YES && !is_elsewhere(fw, &target->address, &own))
		return;
	set_ports(&rule, forward->proto, vnm_port_forward_to_ports(forward, target));
	rule.dst = vnm_prefix_only(&target->address);
	rule.state = VNM_STATE_DNAT;
	add_from_bridge(fw, &target->address, rule);
}

static void add_forwards(struct vnm_fw *fw)
{
	for (size_t i = 0; i < fw->net->n_port_forwards; i++) {
		const struct vnm_port_forward *forward = &fw->net->port_forwards[i];

		if (vnm_port_forward_target(forward, 0).address.family != fw->family)
			continue;
		add_forward(fw, forward);
		for (size_t t = 0; t < vnm_port_forward_targets(forward); t++) {
			struct vnm_forward_target target = vnm_port_forward_target(forward, t);

			add_passage(fw, &target.address, forward->proto,
				    vnm_port_forward_to_ports(forward, &target));
			add_hairpin(fw, &target.address, vnm_port_forward_from_loopback(forward));
			add_masquerade(fw, forward, &target);
		}
	}
}

/*
 * With route_localnet on the bridge, guests could reach services on the host's loopback addresses. They may only
 * answer; nor may they use such an address.
 */
static void add_loopback_guard(struct vnm_fw *fw)
{
	struct vnm_fwrule to = vnm_fw_between(fw->bridge, NULL), from = to, answer;

	if (fw->family != AF_INET || !vnm_network_uses_loopback(fw->net))
		return;
	vnm_prefix_parse("127.0.0.0/8", &to.dst);
	vnm_prefix_parse("127.0.0.0/8", &from.src);
	answer = to;
	answer.state = VNM_STATE_DNAT_REPLY;
	vnm_fw_add(fw, VNM_CHAIN_INP, VNM_TARGET_REJECT, from);
	vnm_fw_add(fw, VNM_CHAIN_INP, VNM_TARGET_ACCEPT, answer);
	vnm_fw_add(fw, VNM_CHAIN_INP, VNM_TARGET_REJECT, to);
}

/* ---- the rest ---- */

static void add_static(struct vnm_fw *fw)
{
	for (size_t i = 0; i < fw->net->n_static_nats; i++) {
		const struct vnm_static_nat *nat = &fw->net->static_nats[i];
		struct vnm_fwrule rule = { .dst = vnm_prefix_only(&nat->outside) };

		if (nat->outside.family != fw->family)
			continue;
		rule.to_first = rule.to_last = nat->inside;
		if (!is_loopback4(&nat->outside))
			vnm_fw_add(fw, VNM_CHAIN_PRE, VNM_TARGET_DNAT, rule);
		vnm_fw_add(fw, VNM_CHAIN_NOU, VNM_TARGET_DNAT, rule);
		add_passage(fw, &nat->inside, VNM_PROTO_ABSENT, (struct vnm_port_range){ 0 });
		add_hairpin(fw, &nat->inside, false);
	}
}

/* From one of the network's subnets to another, or to one behind a guest. */
static void add_among(struct vnm_fw *fw, struct vnm_fwrule rule)
{
	struct vnm_prefix other;
	size_t n = 0;

	for (size_t i = 0; vnm_fw_next_source(fw, &i, &other);)
		n++;
	for (size_t i = 0; n > 1 && vnm_fw_next_source(fw, &i, &rule.dst);)
		vnm_fw_add(fw, VNM_CHAIN_PRE, VNM_TARGET_RETURN, rule);
}

/*
 * To the host and to the outside, but not to the host's loopback addresses, nor from guest to guest: that would
 * depend on br_netfilter.
 */
static void add_redirect(struct vnm_fw *fw, struct vnm_fwrule rule)
{
	struct vnm_fwrule local = rule, loopback = vnm_fw_between(fw->bridge, NULL);

	if (fw->family == AF_INET) {
		vnm_prefix_parse("127.0.0.0/8", &loopback.dst);
		vnm_fw_add(fw, VNM_CHAIN_PRE, VNM_TARGET_RETURN, loopback);
	}
	local.dst_local = true;
	vnm_fw_add(fw, VNM_CHAIN_PRE, VNM_TARGET_REDIRECT, local);
	add_among(fw, rule);
	rule.dst_invert = true;
	for (size_t i = 0; vnm_fw_next_source(fw, &i, &rule.src);) {
		rule.dst = rule.src;
		vnm_fw_add(fw, VNM_CHAIN_PRE, VNM_TARGET_REDIRECT, rule);
	}
}

/* Guests do not reach the proxy directly: only what was sent to another port. */
static void add_redirects(struct vnm_fw *fw)
{
	if (!vnm_network_has_family(fw->net, fw->family))
		return;
	for (size_t i = 0; i < fw->net->n_redirects; i++) {
		const struct vnm_redirect *redirect = &fw->net->redirects[i];
		struct vnm_fwrule rule = vnm_fw_between(fw->bridge, NULL);
		struct vnm_fwrule accept = vnm_fw_between(vnm_fw_from(fw), NULL);
		uint16_t to = (uint16_t)redirect->to_port.v;

		set_ports(&rule, redirect->proto, redirect->port);
		rule.to_port_first = rule.to_port_last = to;
		add_redirect(fw, rule);
		set_ports(&accept, redirect->proto, (struct vnm_port_range){ to, to });
		accept.state = VNM_STATE_DNAT;
		vnm_fw_add(fw, VNM_CHAIN_INP, VNM_TARGET_ACCEPT, accept);
	}
}

/* From a VRF, of the other network's subnets only: those of others in it are not meant. */
static void add_allowed_answers(struct vnm_fw *fw, const struct vnm_fact_bridge *other)
{
	struct vnm_fwrule back =
		vnm_fw_between(other->vrf ? other->vrf : other->bridge, fw->bridge);

	back.state = VNM_STATE_ESTABLISHED;
	if (!other->vrf)
		vnm_fw_add(fw, VNM_CHAIN_ALLOW, VNM_TARGET_ACCEPT, back);
	for (size_t i = 0; other->vrf && i < other->n_subnets; i++) {
		back.src = other->subnets[i];
		if (back.src.addr.family == fw->family)
			vnm_fw_add(fw, VNM_CHAIN_ALLOW, VNM_TARGET_ACCEPT, back);
	}
}

/*
 * In a chain before all others, so that neither the order of starts nor the other network's rejects matter. A
 * network that is bound to a device translates only what leaves by it, and the guests there may have no route back.
 */
static void add_allowed(struct vnm_fw *fw)
{
	for (size_t i = 0; i < fw->net->n_allows; i++) {
		const struct vnm_allow *allow = &fw->net->allows[i];
		const struct vnm_fact_bridge *other = vnm_facts_network(fw->facts, allow->network);
		struct vnm_fwrule there;

		if (!other)
			continue;
		there = vnm_fw_between(NULL, other->bridge);
		set_ports(&there, allow->proto, allow->port);
		vnm_fw_add_from(fw, VNM_CHAIN_ALLOW, VNM_TARGET_ACCEPT, there);
		add_allowed_answers(fw, other);
	}
}

/**
 * vnm_plan_port_forwards() - the rules for port forwarding, and access to other networks
 * @fw: the network and the family; these come before the rules that every network has
 */
void vnm_plan_port_forwards(struct vnm_fw *fw)
{
	add_loopback_guard(fw);
	add_forwards(fw);
	add_static(fw);
	vnm_plan_port_forwards_of(fw);
}

/** vnm_plan_port_forwards_of() - those for guests on one device: @fw's bridge, or a tun. */
void vnm_plan_port_forwards_of(struct vnm_fw *fw)
{
	add_redirects(fw);
	add_allowed(fw);
}

/* ---- what goes out ---- */

/* Without an address: for the families that are translated anyway. */
static bool is_source_of(const struct vnm_network *net, const struct vnm_source_nat *nat,
			 int family)
{
	const struct vnm_addr *addr = nat->start.family != AF_UNSPEC ? &nat->start : &nat->address;

	if (addr->family != AF_UNSPEC)
		return addr->family == family;
	return family == AF_INET || net->forward.nat.ipv6 == VNM_TRI_YES;
}

/** vnm_plan_has_sources() - does the network name source addresses of a family? */
bool vnm_plan_has_sources(const struct vnm_network *net, int family)
{
	for (size_t i = 0; i < net->n_static_nats; i++)
		if (net->static_nats[i].inside.family == family)
			return true;
	for (size_t i = 0; i < net->n_source_nats; i++)
		if (is_source_of(net, &net->source_nats[i], family))
			return true;
	return false;
}

static void add_source(struct vnm_fw *fw, const struct vnm_prefix *subnet,
		       const struct vnm_source_nat *nat, uint8_t proto)
{
	struct vnm_fwrule rule = vnm_fw_leaving(fw, subnet, nat->dev ? nat->dev : fw->dev);
	bool range = nat->start.family != AF_UNSPEC;

	rule.to_first = range ? nat->start : nat->address;
	rule.to_last = range ? nat->end : nat->address;
	rule.proto = proto;
	if (proto) {
		rule.to_port_first = nat->port.first;
		rule.to_port_last = nat->port.last;
	}
	vnm_fw_add(fw, VNM_CHAIN_NAT,
		   rule.to_first.family == AF_UNSPEC ? VNM_TARGET_MASQUERADE : VNM_TARGET_SNAT,
		   rule);
}

static void add_static_sources(struct vnm_fw *fw, const struct vnm_prefix *subnet)
{
	for (size_t i = 0; i < fw->net->n_static_nats; i++) {
		const struct vnm_static_nat *nat = &fw->net->static_nats[i];
		struct vnm_fwrule rule = vnm_fw_leaving(fw, subnet, fw->dev);

		if (!vnm_prefix_contains(subnet, &nat->inside))
			continue;
		rule.src = vnm_prefix_only(&nat->inside);
		rule.to_first = rule.to_last = nat->outside;
		vnm_fw_add(fw, VNM_CHAIN_NAT, VNM_TARGET_SNAT, rule);
	}
}

/* Traffic to another network, where later rules match only the forward device. */
static void add_allowed_sources(struct vnm_fw *fw, const struct vnm_prefix *subnet)
{
	for (size_t i = 0; fw->dev && i < fw->net->n_allows; i++) {
		const char *bridge = vnm_facts_bridge(fw->facts, fw->net->allows[i].network);
		const bool by_device = fw->behind || fw->net->vrf.at.present;
		struct vnm_fwrule rule = vnm_fw_between(by_device ? vnm_fw_from(fw) : NULL, bridge);

		rule.src = *subnet;
		if (bridge)
			vnm_fw_add(fw, VNM_CHAIN_NAT, VNM_TARGET_MASQUERADE, rule);
	}
}

/**
 * vnm_plan_sources() - the SNAT rules for the source addresses of a definition
 * @fw:     the network and the family
 * @subnet: one of its subnets, or behind one of its guests
 *
 * Those of single guests come before those of all.
 */
void vnm_plan_sources(struct vnm_fw *fw, const struct vnm_prefix *subnet)
{
	add_static_sources(fw, subnet);
	add_allowed_sources(fw, subnet);
	for (size_t i = 0; i < fw->net->n_source_nats; i++) {
		const struct vnm_source_nat *nat = &fw->net->source_nats[i];

		if (!is_source_of(fw->net, nat, fw->family))
			continue;
		if (nat->port.first) {
			add_source(fw, subnet, nat, IPPROTO_TCP);
			add_source(fw, subnet, nat, IPPROTO_UDP);
		}
		add_source(fw, subnet, nat, 0);
	}
}
