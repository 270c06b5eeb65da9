// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * plan_source.c - the rules that keep forged packets from opening connections to guests.
 *
 * Rules, ours and the administrator's, accept answers by conntrack state. So whoever gets a packet tracked with a
 * guest's address as its source can then reach that guest. Before connection tracking (raw PREROUTING) packets are
 * checked:
 *
 * - A packet from one of our bridges whose source is not reached by it is not tracked. It is not dropped, since
 *   guests may have other subnets among themselves or be routers between networks, and with br_netfilter their
 *   packets pass here, too. Only a packet for the host with a forged neighbour's address is dropped.
 * - A packet from elsewhere with a guest's source address is dropped. Not for networks that anybody may reach
 *   anyway: nothing can be opened there, and their guests may have other routes to the host.
 *
 * The chain's early-return rules (fwrule.c) check both by the routing table, for all networks. The rules by name are
 * for what those do not cover, for kernels without the rpfilter match, and for a bridge that was removed from its
 * group.
 */
#include "plan/firewall/plan_source.h"

#include <sys/socket.h>

#include "model/attach.h"

/* Is conntrack state the only way into the network? In a VRF, connections from elsewhere are in no zone of its, and open nothing. */
static bool is_closed(const struct vnm_fw *fw)
{
	if (fw->net->vrf.at.present)
		return false;
	return fw->dev || vnm_network_mode(fw->net) == VNM_FORWARD_NONE || vnm_fw_translates(fw);
}

static void add_claimed(struct vnm_fw *fw, const struct vnm_prefix *subnet)
{
	struct vnm_fwrule rule = vnm_fw_between(fw->bridge, NULL);

	rule.in_invert = true;
	rule.src = *subnet;
	vnm_fw_add(fw, VNM_CHAIN_SRC, VNM_TARGET_DROP, rule);
	rule.state = VNM_STATE_UNTRACKED;
	vnm_fw_add(fw, VNM_CHAIN_INP, VNM_TARGET_DROP, rule);
}

/* In a VRF the address is not one of the host's own, by the table where the kernel looks for them. */
static void add_host(struct vnm_fw *fw)
{
	struct vnm_fwrule host = vnm_fw_between(fw->bridge, NULL);

	host.src_local = !fw->net->vrf.at.present;
	if (host.src_local)
		vnm_fw_add(fw, VNM_CHAIN_SRC, VNM_TARGET_NOTRACK, host);
	for (size_t i = 0; !host.src_local && i < fw->net->n_ips; i++) {
		const struct vnm_prefix prefix = vnm_ip_prefix(&fw->net->ips[i]);

		host.src = vnm_prefix_only(&prefix.addr);
		if (host.src.addr.family == fw->family)
			vnm_fw_add(fw, VNM_CHAIN_SRC, VNM_TARGET_NOTRACK, host);
	}
}

static void add_own(struct vnm_fw *fw, const struct vnm_prefix *subnet)
{
	struct vnm_fwrule rule = vnm_fw_between(fw->bridge, NULL);

	rule.src = *subnet;
	vnm_fw_add(fw, VNM_CHAIN_SRC, VNM_TARGET_RETURN, rule);
}

static void add_tuns(struct vnm_fw *fw)
{
	const struct vnm_attachment *tun;

	for (size_t i = 0; (tun = vnm_attachments_next_tun(fw->in->guests, &i));) {
		struct vnm_fwrule rule = vnm_fw_between(tun->dev, NULL);

		for (size_t k = 0; k < tun->n_ips; k++) {
			rule.src = vnm_prefix_only(&tun->ips[k].address);
			if (rule.src.addr.family == fw->family)
				vnm_fw_add(fw, VNM_CHAIN_SRC, VNM_TARGET_RETURN, rule);
		}
		vnm_fw_add(fw, VNM_CHAIN_SRC, VNM_TARGET_NOTRACK, vnm_fw_between(tun->dev, NULL));
	}
}

/**
 * vnm_plan_guard() - the rules that keep forged packets from opening connections to guests
 * @fw: the network and the family
 *
 * The host's own addresses are in the network's subnets, but no guest's.
 */
void vnm_plan_guard(struct vnm_fw *fw)
{
	struct vnm_prefix subnet;

	if (fw->family == AF_INET ? fw->facts->no_guard4 : fw->facts->no_guard6)
		return;
	add_tuns(fw);
	for (size_t i = 0; is_closed(fw) && vnm_fw_next_source(fw, &i, &subnet);)
		add_claimed(fw, &subnet);
	add_host(fw);
	for (size_t i = 0; vnm_fw_next_source(fw, &i, &subnet);)
		add_own(fw, &subnet);
	vnm_fw_add(fw, VNM_CHAIN_SRC, VNM_TARGET_NOTRACK, vnm_fw_between(fw->bridge, NULL));
}

/*
 * What has come by another bridge of the VRF, and is untracked there, is no guest's of this network, whatever its source is; one with a
 * source of the first subnet is dropped by the other network's rule. No two networks of a VRF have the same rule.
 */
static void not_from_first(const struct vnm_fw *fw, struct vnm_fwrule *rule)
{
	size_t i = 0;

	rule->state = VNM_STATE_UNTRACKED;
	rule->src_invert = vnm_fw_next_source(fw, &i, &rule->src);
}

/**
 * vnm_plan_unknown() - drop untracked packets of guests, and with NAT invalid ones
 * @fw:  the network and the family; traffic within it was accepted before
 * @dev: the device: the bridge or its VRF, or a tun
 *
 * With NAT they would leave with the guest's own source address, or a forged one. Without it only forged ones are
 * dropped, since an administrator may have exempted the subnet from tracking. The chain that matches the subnet
 * comes too late for that: another network may have accepted the packet.
 */
void vnm_plan_unknown(struct vnm_fw *fw, const char *dev)
{
	const bool nat = vnm_fw_translates(fw);
	struct vnm_fwrule rule = vnm_fw_between(dev, NULL);
	struct vnm_fwrule own = rule;

	rule.state = nat ? VNM_STATE_UNKNOWN : VNM_STATE_UNTRACKED;
	own.state = rule.state;
	if (fw->net->vrf.at.present && nat)
		vnm_fw_add_from(fw, VNM_CHAIN_FWX, VNM_TARGET_DROP, rule);
	if (fw->net->vrf.at.present)
		not_from_first(fw, &rule);
	for (size_t i = 0; !nat && vnm_fw_next_source(fw, &i, &own.src);)
		vnm_fw_add(fw, VNM_CHAIN_FWX, VNM_TARGET_RETURN, own);
	vnm_fw_add(fw, VNM_CHAIN_FWX, VNM_TARGET_DROP, rule);
}

/**
 * vnm_plan_service_guard() - drop forged requests to a service of the host: the answer would go to somebody else
 * @fw:   the network and the family
 * @port: of UDP
 */
void vnm_plan_service_guard(struct vnm_fw *fw, uint16_t port)
{
	struct vnm_fwrule rule = vnm_fw_between(vnm_fw_from(fw), NULL);

	rule.proto = IPPROTO_UDP;
	rule.dport = port;
	rule.state = VNM_STATE_UNTRACKED;
	vnm_fw_add(fw, VNM_CHAIN_INP, VNM_TARGET_DROP, rule);
}
