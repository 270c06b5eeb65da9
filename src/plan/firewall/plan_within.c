// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * plan_within.c - traffic between guests of one network that passes the host.
 *
 * All of it is accepted, unless ports are isolated: the host must not route between guests that the bridge
 * separates, except connections to a forwarded port, whose destination was translated. With br_netfilter, bridged
 * packets pass here, too; the physdev match distinguishes them. It is used only then, since it loads br_netfilter;
 * so when br_netfilter is loaded later, guests of such a network are cut off until the network is updated or started
 * again.
 */
#include "plan/firewall/plan_within.h"

#include "model/attach.h"

/** vnm_plan_isolates() - may a guest's port be isolated? By its network, portgroup or attachment, or for libvirt. */
bool vnm_plan_isolates(const struct vnm_plan_input *in)
{
	const struct vnm_network *net = in->net;
	const struct vnm_attachments *guests = in->guests;

	if (net->port.isolated == VNM_TRI_YES)
		return true;
	for (size_t i = 0; i < net->n_portgroups; i++)
		if (net->portgroups[i].port.isolated == VNM_TRI_YES)
			return true;
	for (size_t i = 0; guests && i < guests->n_items; i++)
		if (vnm_attach_isolated(net, &guests->items[i]))
			return true;
	for (size_t i = 0; i < in->n_ports; i++)
		if (in->ports[i].options.isolated == VNM_TRI_YES)
			return true;
	return false;
}

/* What the host routes, or the bridge forwards. */
static void add_rules(struct vnm_fw *fw, enum vnm_fw_target target, struct vnm_fwrule rule)
{
	const enum vnm_fw_chain chain = vnm_fw_first_chain(fw);

	vnm_fw_add(fw, chain, target, rule);
	if (fw->net->vrf.at.present)
		vnm_fw_add_from(fw, chain, target, rule);
}

/** vnm_plan_within() - the rules for what enters by the bridge and leaves by it. */
void vnm_plan_within(struct vnm_fw *fw)
{
	struct vnm_fwrule rule = vnm_fw_between(fw->bridge, fw->bridge);
	struct vnm_fwrule translated = rule, bridged = rule;

	if (!vnm_plan_isolates(fw->in)) {
		add_rules(fw, VNM_TARGET_ACCEPT, rule);
		return;
	}
	translated.state = VNM_STATE_DNAT;
	add_rules(fw, VNM_TARGET_ACCEPT, translated);
	bridged.bridged = true;
	if (fw->facts->sees_bridged)
		vnm_fw_add(fw, vnm_fw_first_chain(fw), VNM_TARGET_ACCEPT, bridged);
	add_rules(fw, VNM_TARGET_REJECT, rule);
}
