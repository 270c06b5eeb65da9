/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plan_hosts.c - the rules by which the hosts of an overlay reach each other. Pure.
 *
 * An administrator's INPUT may reject by default, so the other hosts' packets are accepted before it. They are in a chain of their own,
 * since VNM_INP is for what comes from our bridges, and in the network's own chain, since the next network may have the same hosts.
 * That nobody else sends to the overlay is the work of its filter (sys/firewall/overlay_rules.c).
 */
#include "plan/firewall/plan_hosts.h"

#include <stdio.h>
#include <sys/socket.h>

#include "model/overlay.h"

static void add(struct vnm_fw *fw, enum vnm_fw_target target, struct vnm_fwrule rule)
{
	snprintf(rule.own, sizeof(rule.own), "%.15s", fw->bridge);
	rule.proto = IPPROTO_UDP;
	rule.dport = vnm_overlay_port(&fw->net->overlay);
	vnm_fw_add(fw, VNM_CHAIN_HOSTS, target, rule);
}

/** vnm_plan_hosts() - accept the packets of other hosts of an overlay. @fw: the network, and the family of their addresses */
void vnm_plan_hosts(struct vnm_fw *fw)
{
	const struct vnm_overlay *overlay = &fw->net->overlay;
	struct vnm_fwrule rule = { 0 };

	if (!overlay->at.present || !fw->bridge || vnm_overlay_family(overlay) != fw->family)
		return;
	for (size_t i = 0, n = 0; i < overlay->n_peers; i++) {
		if (!vnm_overlay_is_peer(overlay, i))
			continue;
		if (n++ == 0)
			add(fw, VNM_TARGET_JUMP, (struct vnm_fwrule){ 0 });
		rule.src = vnm_prefix_only(&overlay->peers[i].address);
		add(fw, VNM_TARGET_ACCEPT, rule);
	}
}
