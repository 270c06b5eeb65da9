/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tun_rules.c - the rules for guests behind a tun.
 *
 * Each rule for the bridge has a twin for the tun, with the guest's address, its only valid source, in place of the
 * subnet. The rules are the network's, not the attachment's: their order matters, and they exist before the device
 * is up and until it is down again.
 */
#include "plan/firewall/tun_rules.h"

#include "model/attach.h"
#include "plan/firewall/plan_source.h"

/* To and from the other guests of the network. */
static void add_within(struct vnm_fw *fw, const char *dev, const struct vnm_addr *guest)
{
	struct vnm_fwrule from = vnm_fw_between(dev, NULL), to = vnm_fw_between(fw->bridge, dev);

	from.src = to.dst = vnm_prefix_only(guest);
	for (size_t i = 0; i < fw->net->n_ips; i++) {
		struct vnm_prefix prefix = vnm_ip_prefix(&fw->net->ips[i]);

		if (prefix.addr.family != fw->family)
			continue;
		from.dst = vnm_prefix_network(&prefix);
		vnm_fw_add(fw, vnm_fw_first_chain(fw), VNM_TARGET_ACCEPT, from);
	}
	vnm_fw_add(fw, vnm_fw_first_chain(fw), VNM_TARGET_ACCEPT, to);
}

/** vnm_plan_tuns_within() - the rules for traffic of guests behind tuns within their network. */
void vnm_plan_tuns_within(struct vnm_fw *fw)
{
	const struct vnm_attachment *tun;

	for (size_t i = 0; (tun = vnm_attachments_next_tun(fw->in->guests, &i));)
		for (size_t k = 0; k < tun->n_ips; k++)
			if (tun->ips[k].address.family == fw->family)
				add_within(fw, tun->dev, &tun->ips[k].address);
}

static void add_outside(struct vnm_fw *fw, const char *dev, const struct vnm_addr *guest,
			enum vnm_fw_state state)
{
	struct vnm_fwrule in = vnm_fw_between(fw->dev, dev), out = vnm_fw_between(dev, fw->dev);

	in.dst = out.src = vnm_prefix_only(guest);
	in.state = state;
	vnm_fw_add(fw, VNM_CHAIN_FWI, VNM_TARGET_ACCEPT, in);
	vnm_fw_add(fw, VNM_CHAIN_FWO, VNM_TARGET_ACCEPT, out);
}

/**
 * vnm_plan_tuns_outside() - the rules for traffic of guests behind tuns beyond their network
 * @fw:    the network and the family
 * @state: of accepted inbound traffic
 */
void vnm_plan_tuns_outside(struct vnm_fw *fw, enum vnm_fw_state state)
{
	bool isolated = vnm_network_mode(fw->net) == VNM_FORWARD_NONE;
	const struct vnm_attachment *tun;

	for (size_t i = 0; (tun = vnm_attachments_next_tun(fw->in->guests, &i));) {
		if (!isolated)
			vnm_plan_unknown(fw, tun->dev);
		for (size_t k = 0; k < tun->n_ips && !isolated; k++)
			if (tun->ips[k].address.family == fw->family)
				add_outside(fw, tun->dev, &tun->ips[k].address, state);
		vnm_fw_add(fw, isolated ? VNM_CHAIN_ISO : VNM_CHAIN_FWI, VNM_TARGET_REJECT,
			   vnm_fw_between(NULL, tun->dev));
		vnm_fw_add(fw, isolated ? VNM_CHAIN_ISO : VNM_CHAIN_FWO, VNM_TARGET_REJECT,
			   vnm_fw_between(tun->dev, NULL));
	}
}
