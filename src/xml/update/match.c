/* SPDX-License-Identifier: GPL-2.0-or-later */
/* match.c - which entry of a definition a given element refers to. In libvirt's sections the rules are libvirt's. */
#include "xml/update/match.h"

#include <string.h>
#include <strings.h>
#include <sys/socket.h>

/* Are both given, and equal? */
static bool equal_text(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

/* Equal, or neither given. */
static bool same_text(const char *a, const char *b)
{
	return equal_text(a, b) || (!a && !b);
}

/** vnm_match_dhcp_host() - any identifier in common; to delete, all that are given. */
bool vnm_match_dhcp_host(const struct vnm_change *change, const void *entry, const void *given)
{
	const struct vnm_dhcp_host *a = entry, *b = given;
	bool mac = b->mac.set && a->mac.set && vnm_mac_equal(&a->mac, &b->mac);
	bool ip = b->ip.family != AF_UNSPEC && vnm_addr_equal(&a->ip, &b->ip);
	bool name = equal_text(a->name, b->name);

	if (!vnm_change_deletes(change))
		return mac || ip || name;
	return (!b->mac.set || mac) && (b->ip.family == AF_UNSPEC || ip) && (!b->name || name) &&
	       (!b->id || (a->id && !strcasecmp(a->id, b->id)));
}

/** vnm_match_dhcp_range() - both ends; to modify, one of them, or it is the only range of its <ip>. */
bool vnm_match_dhcp_range(const struct vnm_change *change, const void *entry, const void *given)
{
	const struct vnm_dhcp_range *a = entry, *b = given;
	bool start = vnm_addr_equal(&a->start, &b->start), end = vnm_addr_equal(&a->end, &b->end);
	struct vnm_ip *ip;

	if (change->how != VNM_UPDATE_MODIFY)
		return start && end;
	return start || end || (vnm_change_find_ip(change, &ip) == 0 && ip->dhcp.n_ranges == 1);
}

/** vnm_match_dns_host() - the address; to delete, a host name will do. A name may have several addresses. */
bool vnm_match_dns_host(const struct vnm_change *change, const void *entry, const void *given)
{
	const struct vnm_dns_host *a = entry, *b = given;

	if (b->ip.family != AF_UNSPEC && vnm_addr_equal(&a->ip, &b->ip))
		return true;
	for (size_t i = 0; vnm_change_deletes(change) && i < a->n_names; i++)
		for (size_t k = 0; k < b->n_names; k++)
			if (equal_text(a->names[i].name, b->names[k].name))
				return true;
	return false;
}

/** vnm_match_dns_srv() - an attribute that is not given matches any. */
bool vnm_match_dns_srv(const struct vnm_change *change, const void *entry, const void *given)
{
	const struct vnm_srv *a = entry, *b = given;

	(void)change;
	return (!b->domain || equal_text(a->domain, b->domain)) &&
	       (!b->service || equal_text(a->service, b->service)) &&
	       (!b->protocol || equal_text(a->protocol, b->protocol)) &&
	       (!b->target || equal_text(a->target, b->target));
}

/** vnm_match_route() - the destination by the gateway; to delete, the destination, whose length may be left out. */
bool vnm_match_route(const struct vnm_change *change, const void *entry, const void *given)
{
	const struct vnm_route *a = entry, *b = given;
	const struct vnm_prefix x = vnm_route_prefix(a), y = vnm_route_prefix(b);

	if (!vnm_addr_equal(&x.addr, &y.addr))
		return false;
	if (vnm_change_deletes(change))
		return (!b->prefix.set && b->netmask.family == AF_UNSPEC) || x.len == y.len;
	return x.len == y.len && vnm_addr_equal(&a->gateway, &b->gateway);
}

/* To delete, an address that is not given matches any. */
static bool same_addr(const struct vnm_change *change, const struct vnm_addr *a,
		      const struct vnm_addr *b)
{
	return vnm_addr_equal(a, b) || (vnm_change_deletes(change) && b->family == AF_UNSPEC);
}

/* One port may be forwarded to one guest for IPv4 and to another for IPv6. */
static bool same_target(const struct vnm_change *change, const struct vnm_port_forward *a,
			const struct vnm_port_forward *b)
{
	struct vnm_forward_target x = vnm_port_forward_target(a, 0);
	struct vnm_forward_target y = vnm_port_forward_target(b, 0);

	if (!vnm_change_deletes(change))
		return x.address.family == y.address.family;
	if (b->to.family == AF_UNSPEC)
		return true;
	for (size_t i = 0; i < vnm_port_forward_targets(a); i++) {
		x = vnm_port_forward_target(a, i);
		if (vnm_addr_equal(&x.address, &b->to))
			return true;
	}
	return false;
}

/** vnm_match_port_forward() - protocol, ports, address, device and family; to delete, its name, or what is given. */
bool vnm_match_port_forward(const struct vnm_change *change, const void *entry, const void *given)
{
	const struct vnm_port_forward *a = entry, *b = given;
	bool deletes = vnm_change_deletes(change);

	if (deletes && b->name && !b->port.first)
		return same_text(a->name, b->name);
	return a->proto == b->proto && a->port.first == b->port.first &&
	       a->port.last == b->port.last && same_addr(change, &a->address, &b->address) &&
	       (same_text(a->dev, b->dev) || (deletes && !b->dev)) && same_target(change, a, b);
}

static int source_family(const struct vnm_source_nat *nat)
{
	return nat->start.family != AF_UNSPEC ? nat->start.family : nat->address.family;
}

/** vnm_match_source_nat() - device and family. */
bool vnm_match_source_nat(const struct vnm_change *change, const void *entry, const void *given)
{
	const struct vnm_source_nat *a = entry, *b = given;
	int wanted = source_family(b);

	return same_text(a->dev, b->dev) &&
	       (source_family(a) == wanted || (vnm_change_deletes(change) && wanted == AF_UNSPEC));
}

/** vnm_match_static_nat() - the outside address; to delete, the one that is given. */
bool vnm_match_static_nat(const struct vnm_change *change, const void *entry, const void *given)
{
	const struct vnm_static_nat *a = entry, *b = given;

	return same_addr(change, &a->outside, &b->outside) &&
	       (!vnm_change_deletes(change) || same_addr(change, &a->inside, &b->inside));
}
