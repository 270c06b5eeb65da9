/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plan_tun.c - guests behind a tun: what connects them, and the rules that make them part of their network.
 *
 * A tun carries packets without a link, so it cannot be on a bridge. It is a link of two addresses beside the
 * bridge: the guest's is one of the network's, which the host routes to the tun, and for which it answers on the
 * bridge. The device is in the group of the network's bridge, and each rule that names the bridge has one that names
 * the tun, with the guest's address in place of the subnet: what a guest behind a tun may send has no other source.
 *
 * The rules are the network's, not the attachment's: their order counts, and they are there before the device is
 * up and until it is down again.
 */
#include <sys/socket.h>

#include "model/port.h"
#include "plan/firewall/fw_parts.h"
#include "plan/plan.h"
#include "plan/plan_attach.h"
#include "util/mem.h"

#define METRIC_KERNEL 256 /* of the route that the kernel makes with an IPv6 address, if the device is up */

/* ---- the device ---- */

static void add_sysctl(struct vnm_plan *plan, const char *value, char *path)
{
	struct vnm_op_sysctl *sysctl = &vnm_plan_add(plan, VNM_OP_SYSCTL)->sysctl;

	sysctl->path = path;
	sysctl->value = vnm_strdup(value);
}

static bool has_family(const struct vnm_attachment *attach, int family)
{
	for (size_t i = 0; i < attach->n_ips; i++)
		if (attach->ips[i].address.family == family)
			return true;
	return false;
}

/*
 * Answers for somebody else are given after a random delay, so that the owner is heard first; there is no other
 * owner here. As a router the host takes no advertisement from a guest.
 */
static void add_sysctls(const struct vnm_network *net, const struct vnm_attachment *attach,
			const struct vnm_attach_facts *facts, struct vnm_plan *plan)
{
	const char *dev = attach->dev, *bridge = net->bridge.name;
	bool v6 = has_family(attach, AF_INET6);

	if (vnm_mtu_takes_ipv6(vnm_attach_mtu(net, facts))) {
		add_sysctl(plan, v6 ? "0" : "1",
			   vnm_asprintf("net/ipv6/conf/%s/disable_ipv6", dev));
		add_sysctl(plan, "0", vnm_asprintf("net/ipv6/conf/%s/accept_ra", dev));
	}
	if (has_family(attach, AF_INET))
		add_sysctl(plan, "0", vnm_asprintf("net/ipv4/neigh/%s/proxy_delay", bridge));
	if (!v6)
		return;
	add_sysctl(plan, "0", vnm_asprintf("net/ipv6/neigh/%s/proxy_delay", bridge));
	add_sysctl(plan, "1", vnm_asprintf("net/ipv6/conf/%s/proxy_ndp", bridge));
}

static void add_device(const struct vnm_network *net, const struct vnm_attachment *attach,
		       const struct vnm_attach_facts *facts, struct vnm_plan *plan)
{
	struct vnm_op_tap *tap = &vnm_plan_add(plan, VNM_OP_TAP)->tap;

	tap->name = vnm_strdup(attach->dev);
	tap->uid = attach->owner;
	tap->gid = attach->group;
	tap->group = vnm_plan_group(net);
	tap->tun = true;
	tap->mtu = vnm_attach_mtu(net, facts);
	tap->multi_queue = attach->multi_queue == VNM_TRI_YES;
}

/**
 * vnm_plan_tun() - what it takes to connect a guest behind a tun
 * @net:    its network, complete
 * @attach: the attachment, complete and valid
 * @facts:  what was seen
 * @plan:   gets the operations
 */
void vnm_plan_tun(const struct vnm_network *net, const struct vnm_attachment *attach,
		  const struct vnm_attach_facts *facts, struct vnm_plan *plan)
{
	add_device(net, attach, facts, plan);
	add_sysctls(net, attach, facts, plan);
	for (size_t i = 0; i < attach->n_ips; i++) {
		struct vnm_op_address *address = &vnm_plan_add(plan, VNM_OP_ADDRESS)->address;

		address->dev = vnm_strdup(attach->dev);
		address->addr = vnm_prefix_only(&attach->ips[i].host);
		address->peer = attach->ips[i].address;
	}
	vnm_plan_guest_bandwidth(attach->dev, vnm_port_group(net, attach->portgroup), facts->host,
				 plan);
	vnm_plan_add(plan, VNM_OP_LINK_UP)->link_up.dev = vnm_strdup(attach->dev);
	for (size_t i = 0; i < attach->n_ips; i++) {
		struct vnm_op_proxy_neighbour *proxy =
			&vnm_plan_add(plan, VNM_OP_PROXY_NEIGHBOUR)->proxy_neighbour;

		proxy->dev = vnm_strdup(net->bridge.name);
		proxy->addr = attach->ips[i].address;
	}
	for (size_t i = 0; i < attach->n_ips; i++) {
		struct vnm_op_route *route;

		if (attach->ips[i].address.family != AF_INET6)
			continue; /* comes with the address, also if the device is down yet */
		route = &vnm_plan_add(plan, VNM_OP_ROUTE)->route;
		route->dev = vnm_strdup(attach->dev);
		route->dst = vnm_prefix_only(&attach->ips[i].address);
		route->metric = METRIC_KERNEL;
	}
}

/* ---- the network's rules ---- */

/** vnm_fw_guest_dev() - the device by which a guest's address is reached: a tun, or the bridge. */
const char *vnm_fw_guest_dev(const struct vnm_fw *fw, const struct vnm_addr *guest)
{
	const struct vnm_attachment *tun;

	for (size_t i = 0; (tun = vnm_facts_next_tun(fw->facts, &i));)
		for (size_t k = 0; k < tun->n_ips; k++)
			if (vnm_addr_equal(&tun->ips[k].address, guest))
				return tun->dev;
	return fw->bridge;
}

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

/** vnm_plan_tuns_within() - what guests behind tuns may among the guests of their network. */
void vnm_plan_tuns_within(struct vnm_fw *fw)
{
	const struct vnm_attachment *tun;

	for (size_t i = 0; (tun = vnm_facts_next_tun(fw->facts, &i));)
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
 * vnm_plan_tuns_outside() - what guests behind tuns may beyond their network, and what not
 * @fw:    the network and the family
 * @state: of what is let in
 */
void vnm_plan_tuns_outside(struct vnm_fw *fw, enum vnm_fw_state state)
{
	bool isolated = vnm_network_mode(fw->net) == VNM_FORWARD_NONE;
	const struct vnm_attachment *tun;

	for (size_t i = 0; (tun = vnm_facts_next_tun(fw->facts, &i));) {
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
