/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plan_tun.c - the plan of a guest behind a tun.
 *
 * A tun has no link layer, so it cannot be a bridge port. It is a point-to-point link beside the bridge: the guest's
 * address is one of the network's, which the host routes to the tun, and for which it is a proxy neighbour on the
 * bridge. The device is in the group of the network's bridge. Its rules are in firewall/tun_rules.c.
 */
#include "plan/plan_tun.h"

#include <sys/socket.h>

#include "model/port.h"
#include "plan/firewall/fw_build.h"
#include "plan/plan_bandwidth.h"
#include "util/mem.h"

#define METRIC_KERNEL 256 /* of the route that the kernel adds with an IPv6 address, if the device is up */

static bool has_family(const struct vnm_attachment *attach, int family)
{
	for (size_t i = 0; i < attach->n_ips; i++)
		if (attach->ips[i].address.family == family)
			return true;
	return false;
}

/*
 * Proxy answers have a random delay, so that the owner's comes first; there is no owner here. As a router the host
 * accepts no advertisement from a guest.
 */
static void add_sysctls(const struct vnm_network *net, const struct vnm_attachment *attach,
			const struct vnm_attach_facts *facts, struct vnm_plan *plan)
{
	const char *dev = attach->dev, *bridge = net->bridge.name;
	bool v6 = has_family(attach, AF_INET6);

	if (vnm_mtu_takes_ipv6(vnm_attach_mtu(net, facts))) {
		vnm_plan_add_sysctl(plan, v6 ? "0" : "1", "net/ipv6/conf/%s/disable_ipv6", dev);
		vnm_plan_add_sysctl(plan, "0", "net/ipv6/conf/%s/accept_ra", dev);
	}
	if (has_family(attach, AF_INET))
		vnm_plan_add_sysctl(plan, "0", "net/ipv4/neigh/%s/proxy_delay", bridge);
	if (!v6)
		return;
	vnm_plan_add_sysctl(plan, "0", "net/ipv6/neigh/%s/proxy_delay", bridge);
	vnm_plan_add_sysctl(plan, "1", "net/ipv6/conf/%s/proxy_ndp", bridge);
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
 * vnm_plan_tun() - plan a guest behind a tun
 * @net:    its network, complete
 * @attach: the attachment, complete and valid
 * @facts:  what was observed
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
			continue; /* comes with the address, even while the device is down */
		route = &vnm_plan_add(plan, VNM_OP_ROUTE)->route;
		route->dev = vnm_strdup(attach->dev);
		route->dst = vnm_prefix_only(&attach->ips[i].address);
		route->metric = METRIC_KERNEL;
	}
}
