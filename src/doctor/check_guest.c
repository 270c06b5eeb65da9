/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_guest.c - what keeps a guest from its network inside of its own network namespace. */
#include "doctor/check_guest.h"

#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "util/mem.h"

#define NETNS_DIR "/etc/netns/"

/** vnm_check_guest_gone() - its network namespace is gone */
void vnm_check_guest_gone(const struct vnm_case *c, struct vnm_findings *found)
{
	for (size_t i = 0; i < c->n_guests; i++)
		if (c->guests[i].gone && !c->guests[i].awaited)
			VNM_FOUND(found, .guest = &c->guests[i]);
}

/** vnm_check_guest_awaited() - its network namespace does not exist yet, as after a boot */
void vnm_check_guest_awaited(const struct vnm_case *c, struct vnm_findings *found)
{
	for (size_t i = 0; i < c->n_guests; i++)
		if (c->guests[i].awaited)
			VNM_FOUND(found, .guest = &c->guests[i],
				  .value = c->guests[i].attach->netns_name);
}

/** vnm_check_guest_arp() - its device does not take part in ARP */
void vnm_check_guest_arp(const struct vnm_case *c, struct vnm_findings *found)
{
	for (size_t i = 0; i < c->n_guests; i++) {
		const struct vnm_case_guest *guest = &c->guests[i];

		if (guest->inside && guest->link.no_arp && guest->attach->kind != VNM_ATTACH_TUN)
			VNM_FOUND(found, .guest = guest);
	}
}

static bool same_mac(const struct vnm_case_guest *a, const struct vnm_case_guest *b)
{
	return a->inside && b->inside && a->link.fact.mac.set &&
	       vnm_mac_equal(&a->link.fact.mac, &b->link.fact.mac);
}

/* Which of two guests is to change? The one that has not the MAC address of its attachment; else the later one. */
static bool is_impostor(const struct vnm_case_guest *guest)
{
	return guest->attach->mac.set && !vnm_mac_equal(&guest->attach->mac, &guest->link.fact.mac);
}

/** vnm_check_guest_mac() - two guests have the same MAC address */
void vnm_check_guest_mac(const struct vnm_case *c, struct vnm_findings *found)
{
	for (size_t i = 0; i < c->n_guests; i++)
		for (size_t k = i + 1; k < c->n_guests; k++) {
			const bool first = is_impostor(&c->guests[i]);
			const struct vnm_case_guest *one = &c->guests[first ? i : k];
			const struct vnm_case_guest *other = &c->guests[first ? k : i];
			char mac[VNM_MAC_STRLEN], own[VNM_MAC_STRLEN];

			if (!same_mac(one, other))
				continue;
			vnm_mac_format(&one->link.fact.mac, mac);
			VNM_FOUND(found, .guest = one, .other = other->name, .value = mac,
				  .address = is_impostor(one)
						     ? vnm_mac_format(&one->attach->mac, own)
						     : NULL);
		}
}

static const struct vnm_fact_address *find_address(const struct vnm_case_guest *guest,
						   const struct vnm_addr *addr)
{
	for (size_t i = 0; i < guest->stack.n_addresses; i++)
		if (vnm_addr_equal(&guest->stack.addresses[i].prefix.addr, addr))
			return &guest->stack.addresses[i];
	return NULL;
}

/* Is it one that the attachment gives the guest? */
static bool is_assigned(const struct vnm_attachment *attach, const struct vnm_addr *addr)
{
	for (size_t i = 0; i < attach->n_ips; i++)
		if (vnm_addr_equal(&attach->ips[i].address, addr))
			return true;
	return false;
}

/* What is inside of a machine is not seen: it has what it was attached with. */
static bool has_too(const struct vnm_case_guest *guest, const struct vnm_addr *addr)
{
	return guest->inside ? find_address(guest, addr) != NULL : is_assigned(guest->attach, addr);
}

/* Its DHCP client would only set the address again. */
static char *drop_address(const struct vnm_case *c, const struct vnm_case_guest *guest,
			  const char *address)
{
	return guest->attach->dhcp == VNM_TRI_YES
		       ? vnm_asprintf("vnetmgr net-detach %s %s", c->net->name, guest->attach->dev)
		       : vnm_asprintf("%s address del %s dev %s", guest->ip, address,
				      guest->link.fact.name);
}

static void compare_addresses(const struct vnm_case *c, const struct vnm_case_guest *one,
			      const struct vnm_case_guest *other, struct vnm_findings *found)
{
	for (size_t i = 0; i < one->stack.n_addresses; i++) {
		const struct vnm_prefix *mine = &one->stack.addresses[i].prefix;
		vnm_autofree char *mend = NULL;
		char text[VNM_PREFIX_STRLEN];

		if (!vnm_case_subnet_of(c, &mine->addr) || !has_too(other, &mine->addr) ||
		    is_assigned(one->attach, &mine->addr))
			continue;
		mend = drop_address(c, one, vnm_prefix_format(mine, text));
		VNM_FOUND(found, .guest = one, .other = other->name, .address = text, .mend = mend);
	}
}

/** vnm_check_guest_twin() - two guests have the same address; the one that was not given it is to change */
void vnm_check_guest_twin(const struct vnm_case *c, struct vnm_findings *found)
{
	for (size_t i = 0; i < c->n_guests; i++)
		for (size_t k = 0; k < c->n_guests; k++)
			if (i != k && c->guests[i].inside)
				compare_addresses(c, &c->guests[i], &c->guests[k], found);
}

/* The family that a guest needs: IPv6 addresses come by themselves, beside those of IPv4. */
static int needed_family(const struct vnm_case *c)
{
	for (size_t i = 0; i < c->net->n_ips; i++)
		if (c->net->ips[i].address.family == AF_INET)
			return AF_INET;
	return AF_INET6;
}

/* An address of the network's subnets; @ret_other: one of another. */
static bool has_address(const struct vnm_case *c, const struct vnm_case_guest *guest,
			const struct vnm_prefix **ret_other)
{
	bool has = false;

	*ret_other = NULL;
	for (size_t i = 0; i < guest->stack.n_addresses; i++) {
		const struct vnm_fact_address *address = &guest->stack.addresses[i];

		if (address->ifindex != guest->link.fact.index ||
		    address->prefix.addr.family != needed_family(c))
			continue;
		if (vnm_case_subnet_of(c, &address->prefix.addr))
			has = true;
		else
			*ret_other = &address->prefix;
	}
	return has;
}

/* The one reserved for it, or one that nobody has: with its length. */
static const char *propose(const struct vnm_case *c, const struct vnm_case_guest *guest,
			   char text[static VNM_PREFIX_STRLEN])
{
	const struct vnm_dhcp_host *host = vnm_attach_reservation(c->net, guest->attach);
	struct vnm_prefix prefix = { 0 };
	const struct vnm_ip *ip;

	if (host && host->ip.family == AF_INET)
		prefix.addr = host->ip;
	else if (!vnm_case_spare(c, &prefix.addr))
		return NULL;
	ip = vnm_case_subnet_of(c, &prefix.addr);
	prefix.len = ip ? vnm_ip_prefix(ip).len : 32;
	return vnm_prefix_format(&prefix, text);
}

static void check_address(const struct vnm_case *c, struct vnm_findings *found, bool other)
{
	for (size_t i = 0; i < c->n_guests; i++) {
		const struct vnm_case_guest *guest = &c->guests[i];
		const struct vnm_prefix *stranger;
		char text[VNM_PREFIX_STRLEN], free[VNM_PREFIX_STRLEN];

		/* Addresses of the attachment are a part of ours, and a DHCP client's come with its lease. */
		if (!guest->inside || guest->attach->n_ips > 0 ||
		    guest->attach->dhcp == VNM_TRI_YES || guest->attach->parent ||
		    c->net->n_ips == 0 || has_address(c, guest, &stranger) || !stranger == other)
			continue;
		VNM_FOUND(found, .guest = guest, .address = propose(c, guest, free),
			  .value = other ? vnm_prefix_format(stranger, text) : NULL);
	}
}

/** vnm_check_guest_address() - it has no address */
void vnm_check_guest_address(const struct vnm_case *c, struct vnm_findings *found)
{
	check_address(c, found, false);
}

/** vnm_check_guest_stranger() - it has only addresses of other subnets */
void vnm_check_guest_stranger(const struct vnm_case *c, struct vnm_findings *found)
{
	check_address(c, found, true);
}

/** vnm_check_guest_gateway() - its default route is not by the network's gateway */
void vnm_check_guest_gateway(const struct vnm_case *c, struct vnm_findings *found)
{
	for (size_t i = 0; i < c->n_guests; i++) {
		const struct vnm_case_guest *guest = &c->guests[i];

		for (size_t k = 0; k < guest->stack.n_routes && guest->gateway.family; k++) {
			const struct vnm_case_route *route = &guest->stack.routes[k];
			char is[VNM_ADDR_STRLEN], should[VNM_ADDR_STRLEN];

			if (route->dst.len > 0 || route->dst.addr.family != AF_INET ||
			    route->table != RT_TABLE_MAIN || !route->gateway.family ||
			    vnm_addr_equal(&route->gateway, &guest->gateway))
				continue;
			VNM_FOUND(found, .guest = guest,
				  .value = vnm_addr_format(&route->gateway, is),
				  .address = vnm_addr_format(&guest->gateway, should));
		}
	}
}

static const struct vnm_case_route *default_route(const struct vnm_case_stack *stack, int family,
						  int ifindex)
{
	for (size_t i = 0; i < stack->n_routes; i++) {
		const struct vnm_case_route *route = &stack->routes[i];

		if (route->dst.len == 0 && route->dst.addr.family == family &&
		    (ifindex == 0 || (route->ifindex == ifindex && route->gateway.family)))
			return route;
	}
	return NULL;
}

/**
 * vnm_check_guest_route() - on the host's LAN, a guest with a fixed address has no default route
 *
 * Elsewhere the host's address is the gateway, and a part of what the guest was attached with.
 */
void vnm_check_guest_route(const struct vnm_case *c, struct vnm_findings *found)
{
	for (size_t i = 0; i < c->n_guests; i++) {
		const struct vnm_case_guest *guest = &c->guests[i];
		const struct vnm_case_route *way;
		char gateway[VNM_ADDR_STRLEN];
		int family;

		if (!guest->inside || guest->attach->n_ips == 0 || guest->attach->parent ||
		    guest->attach->gateway == VNM_TRI_NO ||
		    vnm_network_mode(c->net) != VNM_FORWARD_BRIDGE)
			continue;
		family = guest->attach->ips[0].address.family;
		if (default_route(&guest->stack, family, 0))
			continue;
		way = c->link ? default_route(&c->host, family, c->link->fact.index) : NULL;
		VNM_FOUND(found, .guest = guest, .other = family == AF_INET6 ? "-6 " : "",
			  .address = way ? vnm_addr_format(&way->gateway, gateway) : NULL);
	}
}

/* Can it answer a guest? Not the guest's own loopback, nor an address of the network that nobody has. */
static bool may_answer(const struct vnm_case *c, const struct vnm_addr *addr)
{
	const struct vnm_ip *ip = vnm_case_subnet_of(c, addr);

	if (addr->family == AF_INET && addr->b[0] == 127)
		return false;
	return !ip || vnm_case_is_ours(c, addr);
}

/* The right server, whose address the network lacks? */
static bool is_network(const struct vnm_network *net, const struct vnm_addr *addr)
{
	for (size_t i = 0; i < net->n_ips; i++)
		if (vnm_addr_equal(&net->ips[i].address, addr))
			return true;
	return false;
}

/* What vnetmgr has written is not edited but made anew: a file of somebody else would keep the guest from being attached again. */
static char *mend_resolver(const struct vnm_case *c, const struct vnm_case_guest *guest,
			   const char *server)
{
	const struct vnm_attachment *attach = guest->attach;
	const char *path = guest->resolver.path;

	return attach->netns_name && !strncmp(path, NETNS_DIR, strlen(NETNS_DIR)) &&
			       (attach->n_ips > 0 || attach->dhcp == VNM_TRI_YES)
		       ? vnm_asprintf("rm %s && vnetmgr net-repair %s", path, c->net->name)
		       : vnm_asprintf("echo 'nameserver %s' >%s", server, path);
}

/** vnm_check_guest_resolver() - its resolv.conf names no server that could answer */
void vnm_check_guest_resolver(const struct vnm_case *c, struct vnm_findings *found)
{
	for (size_t i = 0; i < c->n_guests; i++) {
		const struct vnm_case_guest *guest = &c->guests[i];
		const struct vnm_case_nameserver *asked = guest->resolver.items;
		char line[16], wrong[VNM_ADDR_STRLEN], gateway[VNM_ADDR_STRLEN];
		vnm_autofree char *mend = NULL;
		bool good = guest->resolver.n == 0;

		for (size_t k = 0; k < guest->resolver.n; k++)
			good |= may_answer(c, &asked[k].addr);
		if (good || !vnm_network_dns_enabled(c->net) || c->net->n_ips == 0)
			continue;
		snprintf(line, sizeof(line), "%u", asked->line);
		mend = mend_resolver(c, guest, vnm_addr_format(&c->net->ips[0].address, gateway));
		VNM_FOUND(found, .guest = guest, .path = guest->resolver.path, .other = line,
			  .value = vnm_addr_format(&asked->addr, wrong), .mend = mend,
			  .follows = is_network(c->net, &asked->addr) ? "part" : NULL);
	}
}

/** vnm_check_guest_firewall() - its own firewall drops what the network sends */
void vnm_check_guest_firewall(const struct vnm_case *c, struct vnm_findings *found)
{
	for (size_t i = 0; i < c->n_guests; i++)
		for (size_t k = 0; k < c->guests[i].obstacles.n; k++)
			VNM_FOUND(found, .guest = &c->guests[i],
				  .value = c->guests[i].obstacles.items[k].text,
				  .path = c->guests[i].obstacles.items[k].show,
				  .mend = c->guests[i].obstacles.items[k].mend);
}
