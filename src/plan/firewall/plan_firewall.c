/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plan_firewall.c - the firewall rules of one network.
 *
 * The same traffic passes as under libvirt, with intended differences:
 *
 * - What an isolated network rejects is in VNM_ISO, before what other networks accept. libvirt rejects it in later
 *   chains, behind a routed network's accept-all: there an isolated guest with a route of its own can send packets,
 *   in one direction, into routed networks.
 * - Guests may use the services that the host provides (plan_services.c); libvirt opens the same ports for a network
 *   without an address, where nothing listens.
 * - "open" networks have no rules, as under libvirt; their bridge is in no group, so not even the early-return rules
 *   (fwrule.c) match it. If they are on many hosts, they have those for the packets between the hosts.
 * - Subnets behind guests (<route>) have the same rules; under libvirt they have none.
 *
 * The rules of a network match only its own bridge and forward device, so the order of networks in a chain does not
 * matter; the order of one network's rules does.
 */
#include "plan/firewall/plan_firewall.h"

#include <string.h>
#include <sys/socket.h>

#include "plan/firewall/fw_build.h"
#include "model/overlay.h"
#include "plan/firewall/own_chains.h"
#include "plan/firewall/plan_hosts.h"
#include "plan/firewall/plan_nat.h"
#include "plan/firewall/plan_services.h"
#include "plan/firewall/plan_source.h"
#include "plan/firewall/plan_within.h"
#include "plan/firewall/tun_rules.h"
#include "util/mem.h"

#define PORT_DHCP_CLIENT 68

static void add_inwards_by(struct vnm_fw *fw, const struct vnm_prefix *subnet, const char *dev)
{
	struct vnm_fwrule rule = vnm_fw_between(dev, fw->bridge);

	rule.dst = *subnet;
	rule.state = vnm_fw_translates(fw) ? VNM_STATE_ESTABLISHED : VNM_STATE_ANY;
	vnm_fw_add(fw, VNM_CHAIN_FWI, VNM_TARGET_ACCEPT, rule);
}

/*
 * In a VRF, a network without NAT is reached from within that only: by networks there, and a forward device there. With NAT, answers
 * come by the forward device, or, if that is in the VRF, by the VRF.
 */
static void add_inwards(struct vnm_fw *fw, const struct vnm_prefix *subnet)
{
	const bool nat = vnm_fw_translates(fw), vrf = fw->net->vrf.at.present;

	if (nat || !vrf)
		add_inwards_by(fw, subnet, fw->dev);
	if (vrf && (fw->dev || !nat))
		add_inwards_by(fw, subnet, vnm_fw_from(fw));
}

static void add_outwards(struct vnm_fw *fw, const struct vnm_prefix *subnet)
{
	struct vnm_fwrule rule = vnm_fw_between(vnm_fw_from(fw), fw->dev);

	rule.src = *subnet;
	vnm_fw_add(fw, VNM_CHAIN_FWO, VNM_TARGET_ACCEPT, rule);
}

/*
 * The main table, by which guests in a VRF leave with NAT, leads to networks outside of VRFs, too; these may be open to all. Access to
 * them was accepted before, where it is allowed.
 */
static void add_kept_in(struct vnm_fw *fw)
{
	struct vnm_fwrule rule = { 0 };

	if (!fw->net->vrf.at.present || !vnm_fw_translates(fw))
		return;
	rule.dst_group =
		(struct vnm_fw_group){ VNM_GROUP_BASE, VNM_GROUP_MASK | VNM_GROUP_VRF, false };
	vnm_fw_add_from(fw, VNM_CHAIN_FWX, VNM_TARGET_REJECT, rule);
	rule.dst_group = (struct vnm_fw_group){ VNM_GROUP_OPEN, VNM_GROUP_MASK, false };
	vnm_fw_add_from(fw, VNM_CHAIN_FWX, VNM_TARGET_REJECT, rule);
}

static void add_forwarding(struct vnm_fw *fw)
{
	struct vnm_prefix subnet;

	vnm_plan_within(fw);
	vnm_plan_tuns_within(fw);
	vnm_plan_tuns_outside(fw, vnm_fw_translates(fw) ? VNM_STATE_ESTABLISHED : VNM_STATE_ANY);
	if (vnm_network_mode(fw->net) == VNM_FORWARD_NONE) {
		vnm_fw_add(fw, VNM_CHAIN_ISO, VNM_TARGET_REJECT, vnm_fw_between(fw->bridge, NULL));
		vnm_fw_add(fw, VNM_CHAIN_ISO, VNM_TARGET_REJECT, vnm_fw_between(NULL, fw->bridge));
		return;
	}
	vnm_plan_unknown(fw, vnm_fw_from(fw));
	add_kept_in(fw);
	for (size_t i = 0; vnm_fw_next_source(fw, &i, &subnet);)
		add_inwards(fw, &subnet);
	vnm_fw_add(fw, VNM_CHAIN_FWI, VNM_TARGET_REJECT, vnm_fw_between(NULL, fw->bridge));
	for (size_t i = 0; vnm_fw_next_source(fw, &i, &subnet);)
		add_outwards(fw, &subnet);
	vnm_fw_add_from(fw, VNM_CHAIN_FWO, VNM_TARGET_REJECT, (struct vnm_fwrule){ 0 });
}

/* Link-local multicast and broadcast are not translated, or no guest would get an answer. */
static void add_untranslated(struct vnm_fw *fw, const struct vnm_prefix *subnet, const char *dst)
{
	struct vnm_fwrule rule = { .src = *subnet };

	vnm_prefix_parse(dst, &rule.dst);
	vnm_fw_add(fw, VNM_CHAIN_NAT, VNM_TARGET_RETURN, rule);
}

static void add_translation(struct vnm_fw *fw, const struct vnm_prefix *subnet, uint8_t proto)
{
	const struct vnm_nat *nat = &fw->net->forward.nat;
	bool snat = fw->family == AF_INET && nat->address.at.present;
	struct vnm_fwrule rule = vnm_fw_leaving(fw, subnet, fw->dev);

	rule.proto = proto;
	if (proto) {	/* the protocols with ports */
		rule.to_port_first =
			(uint16_t)(nat->port.start.v ? nat->port.start.v : VNM_NAT_PORT_FIRST);
		rule.to_port_last =
			(uint16_t)(nat->port.end.v ? nat->port.end.v : VNM_NAT_PORT_LAST);
	}
	if (snat) {
		rule.to_first = nat->address.start;
		rule.to_last = nat->address.end;
	}
	vnm_fw_add(fw, VNM_CHAIN_NAT, snat ? VNM_TARGET_SNAT : VNM_TARGET_MASQUERADE, rule);
}

static void add_link_wide(struct vnm_fw *fw, const struct vnm_prefix *subnet)
{
	if (fw->family == AF_INET) {
		add_untranslated(fw, subnet, "224.0.0.0/24");
		add_untranslated(fw, subnet, "255.255.255.255/32");
	} else {
		add_untranslated(fw, subnet, "ff02::/16");
	}
}

static void add_nat(struct vnm_fw *fw, const struct vnm_prefix *subnet)
{
	if (!fw->behind && !fw->net->vrf.at.present) /* never forwarded by a router */
		add_link_wide(fw, subnet);
	vnm_plan_sources(fw, subnet);
	if (!vnm_fw_translates(fw))
		return;
	add_translation(fw, subnet, IPPROTO_TCP);
	add_translation(fw, subnet, IPPROTO_UDP);
	add_translation(fw, subnet, 0);
}

/* Some guests' DHCP clients check UDP checksums, which the kernel leaves to offloading that tap devices do not do. */
static void add_checksum(struct vnm_fw *fw)
{
	struct vnm_fwrule rule = vnm_fw_between(NULL, fw->bridge);

	if (fw->facts->no_checksum)
		return;
	rule.proto = IPPROTO_UDP;
	rule.dport = PORT_DHCP_CLIENT;
	for (size_t i = 0; i < fw->net->n_ips; i++) {
		struct vnm_prefix prefix = vnm_ip_prefix(&fw->net->ips[i]);

		if (prefix.addr.family == AF_INET && vnm_dhcp_serves(&fw->net->ips[i].dhcp))
			vnm_fw_add(fw, VNM_CHAIN_MANGLE, VNM_TARGET_CHECKSUM, rule);
	}
}

static void add_nats(struct vnm_fw *fw)
{
	struct vnm_prefix subnet;

	for (size_t i = 0; vnm_fw_next_source(fw, &i, &subnet);) {
		fw->behind = i > fw->net->n_ips;
		add_nat(fw, &subnet);
	}
	fw->behind = false;
}

static void add_family(struct vnm_fw *fw, int family)
{
	fw->family = family;
	vnm_plan_guard(fw);
	vnm_plan_port_forwards(fw);
	vnm_plan_services(fw);
	add_forwarding(fw);
	if (vnm_fw_translates(fw) || vnm_plan_has_sources(fw->net, family))
		add_nats(fw);
	if (family == AF_INET)
		add_checksum(fw);
}

static bool guests_have_rules6(const struct vnm_network *net)
{
	return vnm_network_has_family(net, AF_INET6) || net->ipv6 == VNM_TRI_YES;
}

/** vnm_plan_has_rules6() - does a network with rules have IPv6 rules? */
bool vnm_plan_has_rules6(const struct vnm_network *net)
{
	return guests_have_rules6(net) || vnm_overlay_family(&net->overlay) == AF_INET6;
}

/**
 * vnm_plan_firewall() - plan the rules of a network
 * @in:   a valid definition with a bridge name, its guests and ports, and the bridges of other networks
 * @plan: gets a VNM_OP_RULE for each rule, in the order of their chains
 */
void vnm_plan_firewall(const struct vnm_plan_input *in, struct vnm_plan *plan)
{
	static const int families[] = { AF_INET, AF_INET6 };
	const struct vnm_network *net = in->net;
	struct vnm_fw fw = {
		.net = net,
		.facts = in->facts,
		.in = in,
		.plan = plan,
		.first = plan->n,
		.bridge = net->bridge.name,
		.dev = vnm_network_forward_dev(net),
	};

	if (!vnm_network_makes_bridge(net))
		return;
	for (size_t i = 0; i < VNM_ARRAY_SIZE(families); i++) {
		if (vnm_network_mode(net) != VNM_FORWARD_OPEN &&
		    (families[i] == AF_INET || guests_have_rules6(net)))
			add_family(&fw, families[i]);
		fw.family = families[i];
		vnm_plan_hosts(&fw);
	}
	vnm_plan_own_chains(&fw);
}
