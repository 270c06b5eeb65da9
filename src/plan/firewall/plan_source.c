// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * plan_source.c - the rules that keep forged packets from opening a way to guests.
 *
 * The record of a connection says who may answer whom, and rules go by it: ours, and the administrator's. So whoever
 * gets a packet recorded with a guest's address as its sender has made a way to that guest. Before packets are tracked
 * (raw PREROUTING) two things are asked of them:
 *
 * - What comes by a bridge of ours has a sender who is reached by it, or is not tracked. It is not dropped, since
 *   guests may have other subnets among themselves, and be routers between networks, and their packets pass here, too,
 *   where br_netfilter is on. Dropped is what claims a neighbour's address in a packet for the host.
 * - What comes from elsewhere and claims the address of a guest is dropped. Networks that anybody may reach anyway are
 *   left out: nothing can be opened there, and their guests may have other ways to the host.
 *
 * The chain's early-return rules (fwrule.c) ask both of the routing table at once, for all networks. The rules by name are for what
 * the early-return rules leave over, for kernels that cannot ask (no rpfilter match), and for a bridge that was taken out of its
 * group.
 */
#include "plan/firewall/plan_source.h"

#include <sys/socket.h>

#include "model/attach.h"

/* Does anybody get in only because of a connection's record? */
static bool is_closed(const struct vnm_fw *fw)
{
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
 * vnm_plan_guard() - the rules that keep forged packets from opening a way to guests
 * @fw: the network and the family
 *
 * The host's own addresses are among the network's, and no guest's.
 */
void vnm_plan_guard(struct vnm_fw *fw)
{
	struct vnm_fwrule host = vnm_fw_between(fw->bridge, NULL);
	struct vnm_prefix subnet;

	if (fw->family == AF_INET ? fw->facts->no_guard4 : fw->facts->no_guard6)
		return;
	host.src_local = true;
	add_tuns(fw);
	for (size_t i = 0; is_closed(fw) && vnm_fw_next_source(fw, &i, &subnet);)
		add_claimed(fw, &subnet);
	vnm_fw_add(fw, VNM_CHAIN_SRC, VNM_TARGET_NOTRACK, host);
	for (size_t i = 0; vnm_fw_next_source(fw, &i, &subnet);)
		add_own(fw, &subnet);
	vnm_fw_add(fw, VNM_CHAIN_SRC, VNM_TARGET_NOTRACK, vnm_fw_between(fw->bridge, NULL));
}

/**
 * vnm_plan_unknown() - what leaves a device of guests without being of a known connection
 * @fw:  the network and the family; what goes on within it was accepted before
 * @dev: the device: the bridge, or a tun
 *
 * Where addresses are translated it would leave with the guest's own one, or with a forged one. Elsewhere only what
 * is forged is refused, and an administrator may have said of the subnet that it is not to be tracked. The chain that
 * asks for the subnet comes too late for that: another network may have let it in.
 */
void vnm_plan_unknown(struct vnm_fw *fw, const char *dev)
{
	struct vnm_fwrule rule = vnm_fw_between(dev, NULL);
	struct vnm_fwrule known = rule;

	rule.state = vnm_fw_translates(fw) ? VNM_STATE_UNKNOWN : VNM_STATE_UNTRACKED;
	known.state = rule.state;
	for (size_t i = 0; !vnm_fw_translates(fw) && vnm_fw_next_source(fw, &i, &known.src);)
		vnm_fw_add(fw, VNM_CHAIN_FWX, VNM_TARGET_RETURN, known);
	vnm_fw_add(fw, VNM_CHAIN_FWX, VNM_TARGET_DROP, rule);
}

/**
 * vnm_plan_service_guard() - a service of the host answers no forged question: the answer would go to somebody else
 * @fw:   the network and the family
 * @port: of UDP
 */
void vnm_plan_service_guard(struct vnm_fw *fw, uint16_t port)
{
	struct vnm_fwrule rule = vnm_fw_between(fw->bridge, NULL);

	rule.proto = IPPROTO_UDP;
	rule.dport = port;
	rule.state = VNM_STATE_UNTRACKED;
	vnm_fw_add(fw, VNM_CHAIN_INP, VNM_TARGET_DROP, rule);
}
