/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_uplink.c - what keeps guests from the outside, and the outside from their forwarded ports. */
#include "doctor/check_uplink.h"

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "model/vrf.h"
#include "util/mem.h"

/* Do guests leave by the host's default route? Out of a VRF with NAT only. */
static bool goes_out(const struct vnm_case *c)
{
	return vnm_case_forwards(c, AF_INET) && vnm_network_mode(c->net) != VNM_FORWARD_NONE &&
	       !vnm_vrf_keeps(c->net, AF_INET);
}

/* In a VRF, that of its table comes first. */
static const struct vnm_case_route *default_route(const struct vnm_case *c)
{
	const struct vnm_case_route *best =
		vnm_case_default_route(c, AF_INET, vnm_vrf_table(c->net));

	return best ? best : vnm_case_default_route(c, AF_INET, RT_TABLE_MAIN);
}

static const struct vnm_fact_address *address_of(const struct vnm_case *c,
						 const struct vnm_link *link)
{
	for (size_t i = 0; i < c->host.n_addresses; i++)
		if (c->host.addresses[i].ifindex == link->fact.index &&
		    c->host.addresses[i].prefix.addr.family == AF_INET)
			return &c->host.addresses[i];
	return NULL;
}

static bool may_lead_out(const struct vnm_case *c, const struct vnm_link *link)
{
	return !link->loopback && link != c->link &&
	       (link->group & VNM_GROUP_MASK) != VNM_GROUP_BASE;
}

static const struct vnm_link *find_down(const struct vnm_case *c)
{
	for (size_t i = 0; i < c->host.links.n; i++) {
		const struct vnm_link *link = &c->host.links.items[i];

		if (!link->fact.up && may_lead_out(c, link) && address_of(c, link))
			return link;
	}
	return NULL;
}

/** vnm_check_uplink_down() - there is no default route, and a device that has an address is not up */
void vnm_check_uplink_down(const struct vnm_case *c, struct vnm_findings *found)
{
	const struct vnm_link *link = find_down(c);

	if (goes_out(c) && !default_route(c) && link)
		VNM_FOUND(found, .dev = link->fact.name);
}

/* Somebody in the subnet of an uplink that is known by the host: its name server, or a neighbour that is a router. */
static bool guess_gateway(const struct vnm_case *c, const struct vnm_link *link,
			  struct vnm_addr *ret)
{
	const struct vnm_fact_address *own = address_of(c, link);

	for (size_t i = 0; own && i < c->resolver.n; i++)
		if (vnm_prefix_contains(&own->prefix, &c->resolver.items[i].addr)) {
			*ret = c->resolver.items[i].addr;
			return true;
		}
	for (size_t i = 0; own && i < c->n_neighbours; i++)
		if (c->neighbours[i].ifindex == link->fact.index &&
		    vnm_prefix_contains(&own->prefix, &c->neighbours[i].addr)) {
			*ret = c->neighbours[i].addr;
			return true;
		}
	return false;
}

/** vnm_check_default_route() - the host has no way out */
void vnm_check_default_route(const struct vnm_case *c, struct vnm_findings *found)
{
	struct vnm_addr gateway;
	char text[VNM_ADDR_STRLEN];

	if (!goes_out(c) || default_route(c) || find_down(c))
		return;
	for (size_t i = 0; i < c->host.links.n; i++) {
		const struct vnm_link *link = &c->host.links.items[i];

		if (!may_lead_out(c, link) || !guess_gateway(c, link, &gateway))
			continue;
		VNM_FOUND(found, .dev = link->fact.name,
			  .address = vnm_addr_format(&gateway, text));
		return;
	}
	VNM_FOUND(found, .dev = NULL);
}

/* By which guests leave. */
static const struct vnm_link *uplink_of(const struct vnm_case *c)
{
	const struct vnm_case_route *route = goes_out(c) ? default_route(c) : NULL;

	return route ? vnm_case_link_of(&c->host, route->ifindex) : NULL;
}

/** vnm_check_uplink_carrier() - the cable is out */
void vnm_check_uplink_carrier(const struct vnm_case *c, struct vnm_findings *found)
{
	const struct vnm_link *link = uplink_of(c);

	if (link && link->fact.up && !link->carrier)
		VNM_FOUND(found, .dev = link->fact.name);
}

/** vnm_check_uplink_enslaved() - the device with the host's address is a port of another one */
void vnm_check_uplink_enslaved(const struct vnm_case *c, struct vnm_findings *found)
{
	for (size_t i = 0; i < c->host.links.n; i++) {
		const struct vnm_link *link = &c->host.links.items[i], *master;

		master = link->fact.master ? vnm_case_link_of(&c->host, link->fact.master) : NULL;
		if (goes_out(c) && master && link->port.number && address_of(c, link) &&
		    !vnm_case_guest_of(c, link->fact.name))
			VNM_FOUND(found, .dev = link->fact.name, .other = master->fact.name);
	}
}

/** vnm_check_uplink_vrf() - the device that forwarding is limited to is in another VRF than the network */
void vnm_check_uplink_vrf(const struct vnm_case *c, struct vnm_findings *found)
{
	const char *dev = vnm_network_forward_dev(c->net);
	const struct vnm_link *link = NULL, *master = NULL;
	vnm_autofree char *wrong = NULL, *mend = NULL;

	for (size_t i = 0; dev && i < c->host.links.n && !link; i++)
		if (!strcmp(c->host.links.items[i].fact.name, dev))
			link = &c->host.links.items[i];
	if (!link || !c->bridge)
		return;
	if (link->fact.master)
		master = vnm_case_link_of(&c->host, link->fact.master);
	if (master && strcmp(master->fact.kind, "vrf") != 0)
		master = NULL;
	wrong = vnm_vrf_misplaced(c->net, master ? master->fact.name : NULL);
	mend = vnm_vrf_placing(c->net, dev);
	if (wrong)
		VNM_FOUND(found, .dev = dev, .value = wrong, .mend = mend);
}

/** vnm_check_uplink_other() - the default route leads by another device than the one that forwarding is limited to */
void vnm_check_uplink_other(const struct vnm_case *c, struct vnm_findings *found)
{
	const char *dev = vnm_network_forward_dev(c->net);
	const struct vnm_link *link = uplink_of(c);
	bool second = false;

	if (!dev || !link || !strcmp(link->fact.name, dev))
		return;
	/* With one of a greater metric there, the other is in its way. */
	for (size_t i = 0; i < c->host.n_routes; i++) {
		const struct vnm_link *by = vnm_case_link_of(&c->host, c->host.routes[i].ifindex);

		second |= vnm_case_is_default(&c->host.routes[i], AF_INET, RT_TABLE_MAIN) && by &&
			  !strcmp(by->fact.name, dev);
	}
	VNM_FOUND(found, .dev = link->fact.name, .other = dev, .value = second ? "" : NULL);
}

/** vnm_check_gateway_failed() - the host's own gateway does not answer */
void vnm_check_gateway_failed(const struct vnm_case *c, struct vnm_findings *found)
{
	const struct vnm_case_route *route = goes_out(c) ? default_route(c) : NULL;
	const struct vnm_link *link = uplink_of(c);
	char text[VNM_ADDR_STRLEN];

	for (size_t i = 0; route && link && link->carrier && i < c->n_neighbours; i++)
		if (c->neighbours[i].ifindex == route->ifindex &&
		    vnm_addr_equal(&c->neighbours[i].addr, &route->gateway) &&
		    c->neighbours[i].state & NUD_FAILED)
			VNM_FOUND(found, .dev = link->fact.name,
				  .address = vnm_addr_format(&route->gateway, text));
}

/** vnm_check_forward_address() - a port is forwarded for an address that the host has not */
void vnm_check_forward_address(const struct vnm_case *c, struct vnm_findings *found)
{
	const struct vnm_link *link = uplink_of(c);
	char text[VNM_ADDR_STRLEN];

	for (size_t i = 0; i < c->net->n_port_forwards; i++) {
		const struct vnm_port_forward *forward = &c->net->port_forwards[i];

		if (!forward->address.family || vnm_case_is_ours(c, &forward->address) ||
		    (forward->address.family == AF_INET && forward->address.b[0] == 127))
			continue;
		VNM_FOUND(found, .address = vnm_addr_format(&forward->address, text),
			  .number = forward->port.first,
			  .value = forward->address.family == AF_INET ? "32" : "128",
			  .dev = forward->dev ? forward->dev
				 : link	      ? link->fact.name
					      : NULL);
	}
}

static bool is_silent(const struct vnm_case *c, const struct vnm_addr *addr)
{
	for (size_t i = 0; i < c->probes.n_answers; i++)
		if (vnm_addr_equal(&c->probes.answers[i].addr, addr))
			return c->probes.answers[i].n == 0;
	return false;
}

/* Where the guest is that an address is reserved for; NULL: not to be seen. */
static const struct vnm_addr *find_moved(const struct vnm_case *c, const struct vnm_addr *addr)
{
	const struct vnm_ip *ip = vnm_case_subnet_of(c, addr);

	for (size_t i = 0; ip && i < ip->dhcp.n_hosts; i++)
		for (size_t k = 0; k < c->n_neighbours; k++) {
			const struct vnm_case_neighbour *entry = &c->neighbours[k];

			if (vnm_addr_equal(&ip->dhcp.hosts[i].ip, addr) && entry->mac.set &&
			    vnm_mac_equal(&ip->dhcp.hosts[i].mac, &entry->mac) &&
			    !vnm_addr_equal(&entry->addr, addr) &&
			    vnm_case_subnet_of(c, &entry->addr) == ip)
				return &entry->addr;
		}
	return NULL;
}

/* The commands that lead the port to another address. */
static char *lead_to(const struct vnm_case *c, const struct vnm_port_forward *forward,
		     const char *addr)
{
	const char *proto = forward->proto == VNM_PROTO_UDP ? "udp" : "tcp";
	const unsigned port = forward->port.first;
	const unsigned to = forward->to_port.set ? forward->to_port.v : port;

	return vnm_asprintf("vnetmgr net-forward-del %s %s %u --live --config && vnetmgr "
			    "net-forward-add %s %s %u %s:%u --live --config",
			    c->net->name, proto, port, c->net->name, proto, port, addr, to);
}

/** vnm_check_forward_target() - a port is forwarded to the address of a guest that has another one now */
void vnm_check_forward_target(const struct vnm_case *c, struct vnm_findings *found)
{
	for (size_t i = 0; i < c->net->n_port_forwards; i++) {
		const struct vnm_port_forward *forward = &c->net->port_forwards[i];
		const struct vnm_forward_target target = vnm_port_forward_target(forward, 0);
		const struct vnm_addr *moved =
			is_silent(c, &target.address) ? find_moved(c, &target.address) : NULL;
		char is[VNM_ADDR_STRLEN], now[VNM_ADDR_STRLEN];

		vnm_autofree char *mend = NULL;

		if (!moved)
			continue;
		vnm_addr_format(moved, now);
		mend = forward->n_targets ? NULL : lead_to(c, forward, now);
		VNM_FOUND(found, .address = vnm_addr_format(&target.address, is), .other = now,
			  .number = forward->port.first, .mend = mend);
	}
}

/** vnm_check_forward_flow() - a flow to a forwarded port is older than the forward, and still gets to the host */
void vnm_check_forward_flow(const struct vnm_case *c, struct vnm_findings *found)
{
	for (size_t i = 0; i < c->n_flows; i++) {
		char src[VNM_ADDR_STRLEN];

		VNM_FOUND(found, .number = c->flows[i].port,
			  .address = vnm_addr_format(&c->flows[i].src, src),
			  .other = c->flows[i].src.family == AF_INET6 ? "-f ipv6 " : "");
	}
}

/* The hardware address that an address is reserved for or leased to; NULL: none. */
static const struct vnm_mac *holder_mac(const struct vnm_case *c, const struct vnm_addr *addr)
{
	const struct vnm_ip *ip = vnm_case_subnet_of(c, addr);

	for (size_t i = 0; ip && i < ip->dhcp.n_hosts; i++)
		if (vnm_addr_equal(&ip->dhcp.hosts[i].ip, addr))
			return &ip->dhcp.hosts[i].mac;
	for (size_t i = 0; i < c->n_leased; i++)
		if (vnm_addr_equal(&c->leased[i].addr, addr))
			return &c->leased[i].mac;
	return NULL;
}

/* The attached guest whose address it is; NULL: none of net-attach's. */
static const struct vnm_case_guest *holder(const struct vnm_case *c, const struct vnm_addr *addr,
					   const struct vnm_mac *mac)
{
	for (size_t i = 0; i < c->n_guests; i++) {
		const struct vnm_attachment *attach = c->guests[i].attach;

		if (mac && mac->set && vnm_mac_equal(&attach->mac, mac))
			return &c->guests[i];
		for (size_t k = 0; k < attach->n_ips; k++)
			if (vnm_addr_equal(&attach->ips[k].address, addr))
				return &c->guests[i];
	}
	return NULL;
}

/** vnm_check_forward_nobody() - a port is forwarded to an address where nobody is */
void vnm_check_forward_nobody(const struct vnm_case *c, struct vnm_findings *found)
{
	for (size_t i = 0; i < c->net->n_port_forwards; i++) {
		const struct vnm_port_forward *forward = &c->net->port_forwards[i];
		const struct vnm_forward_target target = vnm_port_forward_target(forward, 0);
		const char *proto = forward->proto == VNM_PROTO_UDP ? "udp" : "tcp";
		const struct vnm_mac *mac = holder_mac(c, &target.address);
		const struct vnm_case_guest *guest = holder(c, &target.address, mac);
		vnm_autofree char *mend = NULL, *why = NULL;
		char is[VNM_ADDR_STRLEN];

		if (!is_silent(c, &target.address) || find_moved(c, &target.address))
			continue;
		why = guest ? vnm_asprintf("guest %s is attached, and has no such address by now, "
					   "or is off",
					   guest->name)
			    : vnm_strdup("no such guest is attached, or it is off");
		if (!forward->n_targets && !mac && !guest)
			mend = vnm_asprintf("vnetmgr net-forward-del %s %s %u", c->net->name, proto,
					    forward->port.first);
		VNM_FOUND(found, .guest = guest, .address = vnm_addr_format(&target.address, is),
			  .value = proto, .number = forward->port.first, .other = why,
			  .mend = mend);
	}
}
