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
#include "util/mem.h"

#define PORT_BGP 179
#define PORT_BFD 3784 /* RFC 5881 4 */
#define PORT_BFD_MULTIHOP 4784 /* RFC 5883 5 */

/** struct sources - from where other hosts send to @fw's network. */
struct sources {
	struct vnm_fw *fw;
	struct vnm_prefix *items;
	size_t n;
};

static void add(struct vnm_fw *fw, enum vnm_fw_target target, struct vnm_fwrule rule)
{
	snprintf(rule.own, sizeof(rule.own), "%.15s", fw->bridge);
	vnm_fw_add(fw, VNM_CHAIN_HOSTS, target, rule);
}

static void accept_port(const struct sources *sources, uint8_t proto, uint16_t port)
{
	struct vnm_fwrule rule = { .proto = proto, .dport = port };

	if (sources->n == 0)
		return;
	add(sources->fw, VNM_TARGET_JUMP, rule);
	for (size_t i = 0; i < sources->n; i++) {
		rule.src = sources->items[i];
		add(sources->fw, VNM_TARGET_ACCEPT, rule);
	}
}

/** vnm_plan_hosts() - accept the packets of other hosts of an overlay. @fw: the network, and the family of their addresses */
void vnm_plan_hosts(struct vnm_fw *fw)
{
	const struct vnm_overlay *overlay = &fw->net->overlay;
	vnm_autofree struct vnm_prefix *items = NULL;
	struct sources sources = { .fw = fw };

	if (!overlay->at.present || !fw->bridge || vnm_overlay_family(overlay) != fw->family)
		return;
	sources.n = vnm_overlay_sources(overlay, &items);
	sources.items = items;
	accept_port(&sources, IPPROTO_UDP, vnm_overlay_port(overlay));
	if (overlay->evpn.at.present)
		accept_port(&sources, IPPROTO_TCP, PORT_BGP);
	if (overlay->evpn.bfd != VNM_TRI_YES)
		return;
	accept_port(&sources, IPPROTO_UDP, PORT_BFD);
	accept_port(&sources, IPPROTO_UDP, PORT_BFD_MULTIHOP);
}
