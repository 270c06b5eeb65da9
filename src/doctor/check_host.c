/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_host.c - what keeps packets from passing the host's stack: settings, routes, neighbours. */
#include "doctor/check_host.h"

#include <linux/fib_rules.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "model/vrf.h"
#include "plan/op/op_types.h"
#include "util/mem.h"

/* Does the host have its default route, or an address, there? Not our own devices. */
static bool is_outward(const struct vnm_case *c, const struct vnm_link *link)
{
	if (link->loopback || link == c->link || link->fact.master)
		return false;
	for (size_t i = 0; i < c->host.n_routes; i++)
		if (c->host.routes[i].ifindex == link->fact.index &&
		    c->host.routes[i].dst.len == 0 && c->host.routes[i].dst.addr.family == AF_INET)
			return true;
	return false;
}

static void need_setting(const struct vnm_case *c, const char *dev, const char *name, long good,
			 struct vnm_findings *found)
{
	vnm_autofree char *path = vnm_asprintf("net/ipv4/conf/%s/%s", dev, name);
	char is[24], should[24];
	long value = vnm_case_setting(c, "%s", path);

	if (value < 0 || value == good)
		return;
	snprintf(is, sizeof(is), "%ld", value);
	snprintf(should, sizeof(should), "%ld", good);
	VNM_FOUND(found, .dev = dev, .path = path, .value = is, .other = should,
		  .follows = vnm_case_setting(c, "net/ipv4/conf/all/%s", name) == value ? "part"
											: NULL);
}

/* The kernel takes the greater one of a device's and of "all". 0 to 2 answer guests, who ask from their own subnet. */
static void check_arp_ignore(const struct vnm_case *c, const char *dev, struct vnm_findings *found)
{
	if (vnm_case_setting(c, "net/ipv4/conf/%s/arp_ignore", dev) > 2)
		need_setting(c, dev, "arp_ignore", 0, found);
}

/** vnm_check_setting() - a setting of a device keeps packets from being forwarded, or requests from being answered */
void vnm_check_setting(const struct vnm_case *c, struct vnm_findings *found)
{
	if (!c->bridge || c->net->n_ips == 0)
		return;
	check_arp_ignore(c, c->bridge, found);
	check_arp_ignore(c, "all", found);
	for (size_t i = 0; i < c->host.links.n && vnm_case_forwards(c, AF_INET); i++)
		if (is_outward(c, &c->host.links.items[i]))
			need_setting(c, c->host.links.items[i].fact.name, "forwarding", 1, found);
}

/** vnm_check_conntrack() - there is no room for new connections */
void vnm_check_conntrack(const struct vnm_case *c, struct vnm_findings *found)
{
	const long count = vnm_case_setting(c, "net/netfilter/nf_conntrack_count");
	const long max = vnm_case_setting(c, "net/netfilter/nf_conntrack_max");
	char is[24], more[24];

	if (count < 0 || max <= 0 || count < max)
		return;
	snprintf(is, sizeof(is), "%ld", count);
	snprintf(more, sizeof(more), "%ld", max * 2);
	VNM_FOUND(found, .value = is, .other = more);
}

/* Which routes decide: those of the main table, or of the VRF's, unless a rule of policy routing comes first. */
static bool decides(const struct vnm_case *c, const struct vnm_case_route *route)
{
	return route->table == vnm_vrf_table(c->net) && route->type == RTN_UNICAST;
}

/* For commands; "": the main table */
static const char *table_words(const struct vnm_case *c, char text[static 24])
{
	*text = '\0';
	if (c->net->vrf.at.present)
		snprintf(text, 24, " table %u", c->net->vrf.table.v);
	return text;
}

static bool has_subnet_route(const struct vnm_case *c, const struct vnm_prefix *subnet)
{
	for (size_t i = 0; i < c->host.n_routes; i++)
		if (decides(c, &c->host.routes[i]) &&
		    c->host.routes[i].ifindex == c->link->fact.index &&
		    vnm_prefix_equal(&c->host.routes[i].dst, subnet))
			return true;
	return false;
}

/** vnm_check_subnet_route() - the host has no route to the network's own subnet */
void vnm_check_subnet_route(const struct vnm_case *c, struct vnm_findings *found)
{
	for (size_t i = 0; i < c->net->n_ips && c->link && c->link->fact.up; i++) {
		const struct vnm_ip *ip = &c->net->ips[i];
		const struct vnm_prefix prefix = vnm_ip_prefix(ip);
		const struct vnm_prefix subnet = vnm_prefix_network(&prefix);
		char text[VNM_PREFIX_STRLEN], own[VNM_ADDR_STRLEN], table[24];

		/* Without the address, which is a part of ours, there is no route either. */
		if (has_subnet_route(c, &subnet) || !vnm_case_is_ours(c, &ip->address) ||
		    prefix.len == vnm_addr_bits(prefix.addr.family))
			continue;
		VNM_FOUND(found, .subnet = vnm_prefix_format(&subnet, text),
			  .address = vnm_addr_format(&ip->address, own),
			  .value = table_words(c, table),
			  .other = prefix.addr.family == AF_INET6 ? "-6 " : "");
	}
}

/* Those of attached guests behind a tun, and those that the definition has, lead by devices of ours. */
static bool is_foreign_way(const struct vnm_case *c, const struct vnm_case_route *route)
{
	const struct vnm_link *link = vnm_case_link_of(&c->host, route->ifindex);

	return link && link != c->link && !link->loopback && !vnm_case_guest_of(c, link->fact.name);
}

/* The device has an address in the same subnet: the kernel added the route with it. */
static const struct vnm_fact_address *address_behind(const struct vnm_case *c,
						     const struct vnm_case_route *route)
{
	for (size_t i = 0; i < c->host.n_addresses; i++) {
		const struct vnm_fact_address *address = &c->host.addresses[i];
		const struct vnm_prefix subnet = vnm_prefix_network(&address->prefix);

		if (address->ifindex == route->ifindex && vnm_prefix_equal(&subnet, &route->dst))
			return address;
	}
	return NULL;
}

/* Guests' addresses that the host sends elsewhere. */
static bool steals(const struct vnm_case *c, const struct vnm_case_route *route)
{
	for (size_t i = 0; i < c->net->n_ips; i++) {
		const struct vnm_prefix prefix = vnm_ip_prefix(&c->net->ips[i]);
		const struct vnm_prefix subnet = vnm_prefix_network(&prefix);

		if (subnet.addr.family == route->dst.addr.family && route->dst.len >= subnet.len &&
		    vnm_prefix_contains(&subnet, &route->dst.addr))
			return is_foreign_way(c, route);
	}
	return false;
}

static void check_stolen(const struct vnm_case *c, struct vnm_findings *found, bool by_address)
{
	for (size_t i = 0; i < c->host.n_routes && c->link; i++) {
		const struct vnm_case_route *route = &c->host.routes[i];
		const struct vnm_fact_address *address;
		char text[VNM_PREFIX_STRLEN], own[VNM_PREFIX_STRLEN], table[24];

		if (!decides(c, route) || !steals(c, route))
			continue;
		address = address_behind(c, route);
		if (!address == by_address)
			continue;
		VNM_FOUND(found, .dev = vnm_case_link_of(&c->host, route->ifindex)->fact.name,
			  .subnet = vnm_prefix_format(&route->dst, text),
			  .address = address ? vnm_prefix_format(&address->prefix, own) : NULL,
			  .value = table_words(c, table),
			  .other = route->dst.addr.family == AF_INET6 ? "-6 " : "");
	}
}

/** vnm_check_stolen_route() - a route of others leads to guests' addresses by another device */
void vnm_check_stolen_route(const struct vnm_case *c, struct vnm_findings *found)
{
	check_stolen(c, found, false);
}

/** vnm_check_stolen_subnet() - another device has an address in the network's subnet */
void vnm_check_stolen_subnet(const struct vnm_case *c, struct vnm_findings *found)
{
	check_stolen(c, found, true);
}

static const char *action_name(uint8_t action)
{
	switch (action) {
	case FR_ACT_BLACKHOLE: return "blackhole";
	case FR_ACT_UNREACHABLE: return "unreachable";
	case FR_ACT_PROHIBIT: return "prohibit";
	default: return NULL;
	}
}

static bool concerns_guests(const struct vnm_case *c, const struct vnm_case_rule *rule)
{
	if (rule->inverted || rule->mark)
		return false; /* whose packets are meant is not to be seen here */
	if (*rule->in)
		return (c->bridge && !strcmp(rule->in, c->bridge)) ||
		       (c->net->vrf.at.present && !strcmp(rule->in, c->net->vrf.name));
	for (size_t i = 0; i < c->net->n_ips; i++) {
		const struct vnm_prefix prefix = vnm_ip_prefix(&c->net->ips[i]);

		if ((rule->src.addr.family == prefix.addr.family &&
		     vnm_prefix_overlaps(&rule->src, &prefix)) ||
		    (rule->dst.addr.family == prefix.addr.family &&
		     vnm_prefix_overlaps(&rule->dst, &prefix)))
			return true;
	}
	return false;
}

/* By which nothing leaves a VRF that has no route there (plan/plan_vrf.c). */
static bool is_own_end(const struct vnm_case *c, const struct vnm_case_rule *rule)
{
	return c->net->vrf.at.present && rule->priority == VNM_PREF_UNREACHABLE && *rule->in;
}

/** vnm_check_blocking_rule() - a rule of policy routing drops guests' packets */
void vnm_check_blocking_rule(const struct vnm_case *c, struct vnm_findings *found)
{
	for (size_t i = 0; i < c->n_rules; i++) {
		const struct vnm_case_rule *rule = &c->rules[i];

		if (action_name(rule->action) && concerns_guests(c, rule) && !is_own_end(c, rule))
			VNM_FOUND(found, .value = action_name(rule->action),
				  .number = rule->priority,
				  .other = rule->family == AF_INET6 ? "-6 " : "");
	}
}

/* Who has the address, as far as that is known: a guest in a namespace. */
static const struct vnm_case_guest *holder_of(const struct vnm_case *c, const struct vnm_addr *addr)
{
	for (size_t i = 0; i < c->n_guests; i++)
		for (size_t k = 0; k < c->guests[i].stack.n_addresses; k++)
			if (vnm_addr_equal(&c->guests[i].stack.addresses[k].prefix.addr, addr))
				return &c->guests[i];
	return NULL;
}

/** vnm_check_neighbour() - the host has a permanent entry for a guest with another MAC address */
void vnm_check_neighbour(const struct vnm_case *c, struct vnm_findings *found)
{
	for (size_t i = 0; i < c->n_neighbours && c->link; i++) {
		const struct vnm_case_neighbour *entry = &c->neighbours[i];
		const struct vnm_case_guest *guest = holder_of(c, &entry->addr);
		char addr[VNM_ADDR_STRLEN], mac[VNM_MAC_STRLEN];

		if (!(entry->state & NUD_PERMANENT) || entry->ifindex != c->link->fact.index ||
		    !guest || vnm_mac_equal(&entry->mac, &guest->link.fact.mac))
			continue;
		VNM_FOUND(found, .guest = guest, .address = vnm_addr_format(&entry->addr, addr),
			  .value = vnm_mac_format(&entry->mac, mac));
	}
}
