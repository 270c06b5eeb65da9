/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * way_back.c - what the outside needs, so that its answers reach the guests of a routed network.
 *
 * Guests of such a network send with their own addresses, and whoever gets that must know the way back. Nothing on this host shows
 * whether the router does.
 */
#include "driver/way_back.h"

#include <sys/socket.h>

#include "plan/facts.h"
#include "state/session.h"
#include "sys/link/address_list.h"
#include "sys/link/link.h"
#include "sys/link/route.h"

static const struct vnm_addr *address_on(const struct vnm_facts *facts, int ifindex, int family)
{
	for (size_t i = 0; i < facts->n_addresses; i++)
		if (facts->addresses[i].ifindex == ifindex &&
		    facts->addresses[i].prefix.addr.family == family)
			return &facts->addresses[i].prefix.addr;
	return NULL;
}

/* The address with which the host itself goes out: on the device of its default route. @by: that guests of a VRF go out by; 0: any */
static const struct vnm_addr *own_address(const struct vnm_facts *facts, int by, int family)
{
	if (by)
		return address_on(facts, by, family);
	for (size_t i = 0; i < facts->n_routes; i++) {
		const struct vnm_fact_route *route = &facts->routes[i];

		if (route->prefix.len > 0 || route->prefix.addr.family != family || !route->via)
			continue;
		if (address_on(facts, route->ifindex, family))
			return address_on(facts, route->ifindex, family);
	}
	return NULL;
}

/* In a VRF, the forward device. Return: false: nothing leads out of that. */
static bool find_device(struct vnm_driver *drv, const struct vnm_network *net, int *ret)
{
	const char *dev = vnm_network_forward_dev(net);
	struct vnm_fact_link link;

	*ret = 0;
	if (!net->vrf.at.present)
		return true;
	if (!dev || vnm_link_read_fact(&drv->sys, dev, &link) < 0)
		return false;
	*ret = link.index;
	return true;
}

/**
 * vnm_way_back_hint() - tell which routes the outside needs to the subnets of a routed network, with the commands for its router
 * @drv: the driver
 * @net: the network; of another mode: nothing is told
 * @ret: gets a line for each subnet, if the host has a way out itself
 */
void vnm_way_back_hint(struct vnm_driver *drv, const struct vnm_network *net,
		       struct vnm_warnings *ret)
{
	struct vnm_facts facts __attribute__((cleanup(vnm_facts_clear))) = { 0 };
	char subnet[VNM_PREFIX_STRLEN], address[VNM_ADDR_STRLEN];
	struct vnm_error unread = { 0 };
	int by;

	if (vnm_network_mode(net) != VNM_FORWARD_ROUTE || !find_device(drv, net, &by) ||
	    vnm_observe_routes(&drv->sys, &facts, &unread) < 0 ||
	    vnm_observe_addresses(&drv->sys, &facts, &unread) < 0)
		return;
	for (size_t i = 0; i < net->n_ips; i++) {
		struct vnm_prefix prefix = vnm_ip_prefix(&net->ips[i]);
		const struct vnm_addr *own = own_address(&facts, by, prefix.addr.family);

		prefix = vnm_prefix_network(&prefix);
		if (!own)
			continue;
		vnm_prefix_format(&prefix, subnet);
		vnm_warnings_add(ret,
				 "the outside answers guests in %s only if it has a route to "
				 "them; on this host's router: ip route add %s via %s",
				 subnet, subnet, vnm_addr_format(own, address));
	}
}
