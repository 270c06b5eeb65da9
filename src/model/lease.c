/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lease.c - leases and reservations: owners of addresses, and how many are free. All pure. */
#include "model/lease.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "model/overlay.h"
#include "model/taken.h"

/**
 * vnm_lease_in_effect() - is a lease unexpired?
 * @lease: the lease
 * @now:   the time
 */
bool vnm_lease_in_effect(const struct vnm_lease_entry *lease, time_t now)
{
	return lease->expiry == 0 || lease->expiry >= now;
}

/** vnm_duid_equal() - are two DUIDs or client identifiers the same? @a, @b: octets of one or two digits, with colons. */
bool vnm_duid_equal(const char *a, const char *b)
{
	while (*a && *b) {
		char *end_a, *end_b;

		if (strtoul(a, &end_a, 16) != strtoul(b, &end_b, 16) || *end_a != *end_b ||
		    end_a == a || end_b == b)
			return false;
		a = end_a + (*end_a == ':');
		b = end_b + (*end_b == ':');
	}
	return *a == *b;
}

/**
 * vnm_lease_is() - does a reference of the user match a lease?
 * @lease: the lease
 * @ref:   its address, or its client's MAC address, client identifier or DUID
 */
bool vnm_lease_is(const struct vnm_lease_entry *lease, const char *ref)
{
	struct vnm_addr addr;
	struct vnm_mac mac;

	/* A client identifier of eight octets can be read as an IPv6 address, too. */
	if (vnm_addr_parse(ref, &addr) == 0 && vnm_addr_equal(&lease->addr, &addr))
		return true;
	if (lease->mac.set && vnm_mac_parse(ref, &mac) == 0 && vnm_mac_equal(&lease->mac, &mac))
		return true;
	return lease->client_id && vnm_duid_equal(lease->client_id, ref);
}

/* dnsmasq keeps the first label of a name: the rest is the network's domain. */
static bool same_host(const char *a, const char *b)
{
	size_t len = strcspn(a, ".");

	return len == strcspn(b, ".") && !strncasecmp(a, b, len);
}

/*
 * A reservation is matched by one of these; with a MAC address or DUID, the name is only assigned. A DUID need not
 * hold its owner's MAC address: then it counts as a match.
 */
static bool is_reserved_for(const struct vnm_dhcp_host *host, const struct vnm_lease_entry *lease)
{
	if (host->mac.set && !lease->mac.set)
		return lease->addr.family == AF_INET6;
	if (host->mac.set)
		return vnm_mac_equal(&host->mac, &lease->mac);
	if (host->id)
		return lease->client_id && vnm_duid_equal(host->id, lease->client_id);
	return host->name && lease->hostname && same_host(host->name, lease->hostname);
}

/**
 * vnm_lease_rival() - the reservation that another client's lease violates
 * @net:   the definition, with its guests' reservations
 * @lease: the lease
 *
 * Return: a reservation of @net; NULL: the address is not reserved, or leased to its owner.
 */
const struct vnm_dhcp_host *vnm_lease_rival(const struct vnm_network *net,
					    const struct vnm_lease_entry *lease)
{
	const struct vnm_dhcp_host *rival = NULL;

	for (size_t i = 0; i < net->n_ips; i++) {
		const struct vnm_dhcp *dhcp = &net->ips[i].dhcp;

		for (size_t k = 0; k < dhcp->n_hosts; k++) {
			if (!vnm_addr_equal(&dhcp->hosts[k].ip, &lease->addr))
				continue;
			if (is_reserved_for(&dhcp->hosts[k], lease))
				return NULL;
			rival = &dhcp->hosts[k];
		}
	}
	return rival;
}

/** vnm_dhcp_range_here() - the part of a range of a subnet that this host leases, one of many or the only one. */
struct vnm_dhcp_range vnm_dhcp_range_here(const struct vnm_network *net, const struct vnm_ip *ip,
					  size_t i)
{
	const struct vnm_prefix subnet = vnm_ip_prefix(ip);
	struct vnm_dhcp_range range = ip->dhcp.ranges[i];

	(void)vnm_overlay_share(&net->overlay.host, &subnet, &range);
	return range;
}

static bool in_ranges(const struct vnm_network *net, const struct vnm_addr *addr)
{
	for (size_t i = 0; i < net->n_ips; i++)
		for (size_t k = 0; k < net->ips[i].dhcp.n_ranges; k++) {
			const struct vnm_dhcp_range range =
				vnm_dhcp_range_here(net, &net->ips[i], k);

			if (range.start.family == addr->family &&
			    vnm_addr_cmp(&range.start, addr) <= 0 &&
			    vnm_addr_cmp(addr, &range.end) <= 0)
				return true;
		}
	return false;
}

/** vnm_dhcp_has_range() - are addresses of a family leased to guests without a reservation? */
bool vnm_dhcp_has_range(const struct vnm_network *net, int family)
{
	for (size_t i = 0; i < net->n_ips; i++)
		for (size_t k = 0; k < net->ips[i].dhcp.n_ranges; k++)
			if (net->ips[i].dhcp.ranges[k].start.family == family)
				return true;
	return false;
}

static uint64_t range_size(const struct vnm_network *net, int family)
{
	uint64_t size = 0;

	for (size_t i = 0; i < net->n_ips; i++)
		for (size_t k = 0; k < net->ips[i].dhcp.n_ranges; k++) {
			const struct vnm_dhcp_range range =
				vnm_dhcp_range_here(net, &net->ips[i], k);
			uint64_t span = vnm_addr_span(&range.start, &range.end);

			if (range.start.family == family)
				size = span > UINT64_MAX - size ? UINT64_MAX : size + span;
		}
	return size;
}

/* The host's own addresses are never leased; reservations may be outside of ranges. */
static void count_network(const struct vnm_network *net, int family, struct vnm_taken *taken,
			  struct vnm_dhcp_room *room)
{
	for (size_t i = 0; i < net->n_ips; i++) {
		const struct vnm_ip *ip = &net->ips[i];
		uint64_t own = in_ranges(net, &ip->address);

		if (ip->address.family != family)
			continue;
		room->size -= own;
		room->left -= own;
		for (size_t k = 0; k < ip->dhcp.n_hosts; k++) {
			const struct vnm_addr *addr = &ip->dhcp.hosts[k].ip;

			if (addr->family != family)
				continue;
			vnm_taken_add(taken, addr);
			if (!in_ranges(net, addr))
				room->size++;
			else if (room->left > 0)
				room->left--;
		}
	}
}

/**
 * vnm_dhcp_room() - how many addresses DHCP has, and how many are leased
 * @net:    the definition, with its guests' reservations
 * @family: AF_INET, AF_INET6
 * @leases: the leases in effect, of both families
 * @n:      how many
 */
struct vnm_dhcp_room vnm_dhcp_room(const struct vnm_network *net, int family,
				   const struct vnm_lease_entry *leases, size_t n)
{
	struct vnm_taken taken __attribute__((cleanup(vnm_taken_clear))) = { 0 };
	struct vnm_dhcp_room room = { .size = range_size(net, family) };

	room.left = room.size;
	count_network(net, family, &taken, &room);
	for (size_t i = 0; i < n; i++) {
		bool within = in_ranges(net, &leases[i].addr);
		bool reserved = vnm_taken_has(&taken, &leases[i].addr);

		if (leases[i].addr.family != family)
			continue;
		room.used += within || reserved;
		room.outside += !within && !reserved;
		if (within && !reserved && room.left > 0)
			room.left--;
	}
	return room;
}
