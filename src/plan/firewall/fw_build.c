/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_build.c - building blocks of a network's firewall rules. Pure. */
#include "plan/firewall/fw_build.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "model/attach.h"

/* A <route> with a shorter prefix leads to the outside. */
#define WIDE4 8
#define WIDE6 16

/**
 * vnm_plan_group() - the device group of a network's devices; 0: none
 * @net: the network
 *
 * Open networks have no rules, so they are in a group that the early-return rules do not match. FREE lets all established traffic pass
 * in both directions; a network bound to one device does not have it.
 */
uint32_t vnm_plan_group(const struct vnm_network *net)
{
	const uint32_t vrf = net->vrf.at.present ? VNM_GROUP_VRF : 0;

	switch (vnm_network_mode(net)) {
	case VNM_FORWARD_NAT:
	case VNM_FORWARD_ROUTE:
		return VNM_GROUP_BASE | vrf | (vnm_network_forward_dev(net) ? 0 : VNM_GROUP_FREE);
	case VNM_FORWARD_NONE: return VNM_GROUP_BASE;
	case VNM_FORWARD_OPEN: return VNM_GROUP_OPEN;
	case VNM_FORWARD_BRIDGE:
	case VNM_FORWARD_PRIVATE:
	case VNM_FORWARD_VEPA:
	case VNM_FORWARD_PASSTHROUGH:
	case VNM_FORWARD_HOSTDEV:
	case VNM_FORWARD_COUNT: break;
	}
	return 0;
}

static void set_dev(char to[static VNM_IFNAME_SIZE], const char *dev)
{
	size_t len = dev ? strnlen(dev, VNM_IFNAME_SIZE - 1) : 0;

	memcpy(to, dev ? dev : "", len);
	to[len] = '\0';
}

/**
 * vnm_fw_add() - append a rule, unless the network has it already, from another address of the same subnet
 * @fw:     the network
 * @chain:  its chain
 * @target: its target
 * @rule:   what it matches; its family is that of @fw
 */
void vnm_fw_add(struct vnm_fw *fw, enum vnm_fw_chain chain, enum vnm_fw_target target,
		struct vnm_fwrule rule)
{
	rule.family = fw->family;
	rule.chain = chain;
	rule.target = target;
	snprintf(rule.network, sizeof(rule.network), "%s", fw->net->name);
	for (size_t i = fw->first; i < fw->plan->n; i++)
		if (fw->plan->ops[i].type == VNM_OP_RULE &&
		    vnm_fwrule_equal(&fw->plan->ops[i].rule, &rule))
			return;
	vnm_plan_add(fw->plan, VNM_OP_RULE)->rule = rule;
}

/** vnm_fw_between() - a rule that matches from device @in to device @out, NULL: any. */
struct vnm_fwrule vnm_fw_between(const char *in, const char *out)
{
	struct vnm_fwrule rule = { 0 };

	set_dev(rule.in, in);
	set_dev(rule.out, out);
	return rule;
}

/**
 * vnm_fw_from() - the device by which the host receives what guests send
 * @fw: the network
 *
 * The kernel gives what comes in by a port of a VRF to the VRF: behind PREROUTING that is the input device, but for neighbour
 * discovery. Where a bridge forwards, and br_netfilter shows it, it is still the bridge.
 */
const char *vnm_fw_from(const struct vnm_fw *fw)
{
	return fw->net->vrf.at.present ? fw->net->vrf.name : fw->bridge;
}

/**
 * vnm_fw_add_from() - append a rule for what guests of the network send, and no others
 * @fw:     the network
 * @chain:  its chain, behind PREROUTING
 * @target: its target
 * @rule:   what it matches beside the input device
 *
 * In a VRF the device is that of other networks, too, so there is a rule for each subnet. Its packets have come by the bridge: others
 * with such a source are not tracked (plan_source.c), and dropped.
 */
void vnm_fw_add_from(struct vnm_fw *fw, enum vnm_fw_chain chain, enum vnm_fw_target target,
		     struct vnm_fwrule rule)
{
	set_dev(rule.in, vnm_fw_from(fw));
	if (!fw->net->vrf.at.present) {
		vnm_fw_add(fw, chain, target, rule);
		return;
	}
	for (size_t i = 0; vnm_fw_next_source(fw, &i, &rule.src);)
		vnm_fw_add(fw, chain, target, rule);
}

/** vnm_fw_translates() - are addresses of the family translated? A NAT network routes the other family. */
bool vnm_fw_translates(const struct vnm_fw *fw)
{
	return vnm_network_mode(fw->net) == VNM_FORWARD_NAT &&
	       (fw->family == AF_INET || fw->net->forward.nat.ipv6 == VNM_TRI_YES);
}

/* A shorter prefix leads to the outside by a guest: its packets may have any source address. */
static bool is_wide(const struct vnm_prefix *prefix)
{
	return prefix->len < (prefix->addr.family == AF_INET ? WIDE4 : WIDE6);
}

/**
 * vnm_fw_next_source() - iterate over source subnets of the bridge: the network's own, then those behind guests
 * (<route>)
 * @fw:  the network and the family
 * @i:   0 at first; then above the number of <ip> for a subnet behind a guest
 * @ret: the subnet
 *
 * Return: whether there was one.
 */
bool vnm_fw_next_source(const struct vnm_fw *fw, size_t *i, struct vnm_prefix *ret)
{
	const struct vnm_network *net = fw->net;

	while (*i < net->n_ips + net->n_routes) {
		size_t at = (*i)++;
		bool behind = at >= net->n_ips;
		struct vnm_prefix prefix = behind ? vnm_route_prefix(&net->routes[at - net->n_ips])
						  : vnm_ip_prefix(&net->ips[at]);

		*ret = vnm_prefix_network(&prefix);
		if (ret->addr.family == fw->family && !(behind && is_wide(ret)))
			return true;
	}
	return false;
}

/** vnm_fw_first_chain() - the chain for rules that come before those of all other networks. */
enum vnm_fw_chain vnm_fw_first_chain(const struct vnm_fw *fw)
{
	return vnm_network_mode(fw->net) == VNM_FORWARD_NONE ? VNM_CHAIN_ISO : VNM_CHAIN_FWX;
}

/**
 * vnm_fw_leaving() - a rule that matches what guests of a subnet send to the outside
 * @fw:     the network
 * @subnet: of the network, or behind a guest
 * @dev:    the only output device allowed; NULL: any but the bridge
 *
 * Traffic that stays on the bridge passes here as well: between subnets or to one behind a guest, and all of it with
 * br_netfilter. The host may have longer routes into a subnet behind a guest: what comes from there is not the
 * network's; and in a VRF what another network of the same addresses sends is not.
 */
struct vnm_fwrule vnm_fw_leaving(const struct vnm_fw *fw, const struct vnm_prefix *subnet,
				 const char *dev)
{
	const bool by_device = fw->behind || fw->net->vrf.at.present;
	struct vnm_fwrule rule =
		vnm_fw_between(by_device ? vnm_fw_from(fw) : NULL, dev ? dev : fw->bridge);

	rule.out_invert = !dev;
	rule.src = rule.dst = *subnet;
	rule.dst_invert = true;
	return rule;
}

/** vnm_fw_guest_dev() - the output device of a guest's address: a tun, or the bridge. */
const char *vnm_fw_guest_dev(const struct vnm_fw *fw, const struct vnm_addr *guest)
{
	const struct vnm_attachment *tun;

	for (size_t i = 0; (tun = vnm_attachments_next_tun(fw->in->guests, &i));)
		for (size_t k = 0; k < tun->n_ips; k++)
			if (vnm_addr_equal(&tun->ips[k].address, guest))
				return tun->dev;
	return fw->bridge;
}
