/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plan_host.c - vnm:host='yes': the host's own macvlan beside guests on one of its devices.
 *
 * A device does not deliver to the host what its macvlans send. So the host gets a macvlan of its own, without an
 * address: it uses the device's. Each guest whose address is recorded has a route by it, and two settings make the
 * host answer there to these guests only, not to the wire:
 *
 * - arp_filter: an answer leaves only by the device of the route to the sender;
 * - IPv6 has no such setting, and answers only for addresses of the device itself. A proxy neighbour for each of the
 *   parent's addresses is answered without the override flag, so that on the wire the parent's own answer prevails.
 *   Proxy NDP takes a device that forwards; nothing is forwarded unless the host does.
 *
 * Its link-local address is usable at once (accept_dad), or the host could resolve no guest for two seconds.
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "plan/plan_host.h"
#include "util/mem.h"

static uint32_t hash(uint32_t h, const char *text)
{
	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 0x01000193u; /* FNV-1a, 32 bits */
	return h;
}

/* The name of the host's macvlan on a device: another network on the same device has another one. */
static const char *host_dev(const struct vnm_network *net, const char *parent,
			    char ret[static VNM_IFNAME_SIZE])
{
	uint32_t h = hash(hash(0x811c9dc5u, net->name), parent);

	snprintf(ret, VNM_IFNAME_SIZE, "h-%.6s-%06x", parent, (unsigned)(h & 0xffffffu));
	return ret;
}

/* The same at each start, for neighbour caches; derived from the UUID, since the LAN may have another network of that name. */
static struct vnm_mac own_mac(const struct vnm_network *net, const char *parent)
{
	char uuid[VNM_UUID_STRLEN];
	uint32_t h = hash(hash(0x811c9dc5u, vnm_uuid_format(&net->uuid, uuid)), parent);

	return (struct vnm_mac){ true,
				 { 0x02, 0x76, (uint8_t)(h >> 24), (uint8_t)(h >> 16),
				   (uint8_t)(h >> 8), (uint8_t)h } };
}

static void add_device(const struct vnm_network *net, const char *dev, const char *parent,
		       struct vnm_plan *plan)
{
	struct vnm_op_macvlan *macvlan = &vnm_plan_add(plan, VNM_OP_MACVLAN)->macvlan;

	macvlan->name = vnm_strdup(dev);
	macvlan->parent = vnm_strdup(parent);
	macvlan->mode = VNM_FORWARD_BRIDGE;
	macvlan->mac = own_mac(net, parent);
}

static void add_answers(const char *dev, const char *parent, const struct vnm_facts *facts,
			struct vnm_plan *plan)
{
	const struct vnm_fact_link *link = vnm_facts_link(facts, parent);

	for (size_t i = 0; link && i < facts->n_addresses; i++) {
		const struct vnm_fact_address *address = &facts->addresses[i];
		struct vnm_op_proxy_neighbour *proxy;

		if (address->ifindex != link->index || address->prefix.addr.family != AF_INET6)
			continue;
		proxy = &vnm_plan_add(plan, VNM_OP_PROXY_NEIGHBOUR)->proxy_neighbour;
		proxy->dev = vnm_strdup(dev);
		proxy->addr = address->prefix.addr;
	}
}

/** vnm_plan_host() - plan the host's own macvlans; nothing without vnm:host='yes'. */
void vnm_plan_host(const struct vnm_network *net, const struct vnm_facts *facts,
		   struct vnm_plan *plan)
{
	static const struct { const char *family, *setting, *value; } settings[] = {
		{ "ipv4", "arp_filter", "1" },	 { "ipv6", "disable_ipv6", "0" },
		{ "ipv6", "accept_dad", "0" },	 { "ipv6", "accept_ra", "0" },
		{ "ipv6", "autoconf", "0" },	 { "ipv6", "forwarding", "1" },
		{ "ipv6", "proxy_ndp", "1" },
	};
	const struct vnm_forward *forward = &net->forward;
	size_t n = forward->n_interfaces ? forward->n_interfaces : forward->dev ? 1 : 0;

	if (!vnm_network_has_host(net))
		return;
	for (size_t i = 0; i < n; i++) {
		const char *parent = forward->n_interfaces ? forward->interfaces[i].dev
							   : forward->dev;
		char dev[VNM_IFNAME_SIZE];

		add_device(net, host_dev(net, parent, dev), parent, plan);
		for (size_t k = 0; k < VNM_ARRAY_SIZE(settings); k++)
			vnm_plan_add_sysctl(plan, settings[k].value, "net/%s/conf/%s/%s",
					    settings[k].family, dev, settings[k].setting);
		vnm_plan_add(plan, VNM_OP_LINK_UP)->link_up.dev = vnm_strdup(dev);
		add_answers(dev, parent, facts, plan);
	}
}

/* The parent's address in the guest's subnet; if there is none, the kernel chooses. */
static struct vnm_addr source_for(const struct vnm_attach_facts *facts,
				  const struct vnm_addr *guest)
{
	const struct vnm_fact_link *link = vnm_facts_link(facts->host, facts->parent);

	for (size_t i = 0; link && i < facts->host->n_addresses; i++) {
		const struct vnm_fact_address *address = &facts->host->addresses[i];

		if (address->ifindex == link->index &&
		    address->prefix.addr.family == guest->family &&
		    vnm_prefix_contains(&address->prefix, guest))
			return address->prefix.addr;
	}
	return (struct vnm_addr){ 0 };
}

/**
 * vnm_plan_host_routes() - the host's routes to a guest on one of its devices
 * @net:    the network
 * @attach: the guest
 * @facts:  what was observed
 * @plan:   gets a route for each of the guest's addresses; none without vnm:host='yes'
 */
void vnm_plan_host_routes(const struct vnm_network *net, const struct vnm_attachment *attach,
			  const struct vnm_attach_facts *facts, struct vnm_plan *plan)
{
	char dev[VNM_IFNAME_SIZE];

	if (!vnm_network_has_host(net) || !facts->host)
		return;
	for (size_t i = 0; i < attach->n_ips; i++) {
		const struct vnm_addr *guest = &attach->ips[i].address;
		struct vnm_op_route *route = &vnm_plan_add(plan, VNM_OP_ROUTE)->route;

		route->dev = vnm_strdup(host_dev(net, facts->parent, dev));
		route->dst = (struct vnm_prefix){ *guest, vnm_addr_bits(guest->family) };
		route->src = source_for(facts, guest);
	}
}
