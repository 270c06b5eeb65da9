/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * overlay.c - a network on many hosts: what follows from its <vnm:overlay>. Pure.
 *
 * Addresses. The gateway has the same address and MAC address on every host, so that a guest may move. Beside it each host has an
 * address of its own, by which it reaches guests on the others: counted by the host's index from the last address of the subnet.
 * Each range of DHCP is divided into as many parts as there are hosts; what is outside of ranges, for attached guests, by the
 * remainder of the division by their number. So hosts that know nothing of each other never give away the same address.
 */
#include "model/overlay.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "util/mem.h"

#define FNV_BASIS 0x811c9dc5u
#define FNV_PRIME 0x01000193u /* FNV-1a, 32 bits */

typedef unsigned __int128 number;

static number to_number(const struct vnm_addr *addr)
{
	number n = 0;

	for (unsigned i = 0; i < vnm_addr_bits(addr->family) / 8; i++)
		n = n << 8 | addr->b[i];
	return n;
}

static struct vnm_addr to_addr(int family, number n)
{
	struct vnm_addr addr = { .family = family };

	for (unsigned i = vnm_addr_bits(family) / 8; i-- > 0; n >>= 8)
		addr.b[i] = (uint8_t)n;
	return addr;
}

/** vnm_overlay_port() - the UDP port of VXLAN between the hosts. */
uint16_t vnm_overlay_port(const struct vnm_overlay *overlay)
{
	return overlay->port.set ? (uint16_t)overlay->port.v : VNM_OVERLAY_PORT;
}

/** vnm_overlay_dev() - the name of the VXLAN device. */
void vnm_overlay_dev(const struct vnm_overlay *overlay, char ret[static VNM_OVERLAY_DEV_SIZE])
{
	snprintf(ret, VNM_OVERLAY_DEV_SIZE, "vnm%u", (unsigned)(overlay->vni.v & 0xffffff));
}

/** vnm_overlay_is_peer() - is the host number @i of the list another one? It may have this host, too, so that all have one list. */
bool vnm_overlay_is_peer(const struct vnm_overlay *overlay, size_t i)
{
	return !vnm_addr_equal(&overlay->peers[i].address, &overlay->local);
}

static void add_source(struct vnm_prefix **list, size_t *n, const struct vnm_prefix *prefix)
{
	*list = vnm_array_add(*list, n, sizeof(**list));
	(*list)[*n - 1] = *prefix;
}

/* A reflector that is within the range is one of it. */
static void add_reflector(const struct vnm_overlay *overlay, const struct vnm_addr *reflector,
			  struct vnm_prefix **list, size_t *n)
{
	const struct vnm_prefix only = vnm_prefix_only(reflector), *listen = &overlay->evpn.listen;

	if (reflector->family == AF_UNSPEC || vnm_addr_equal(reflector, &overlay->local) ||
	    (listen->len && vnm_prefix_contains(listen, reflector)))
		return;
	add_source(list, n, &only);
}

/**
 * vnm_overlay_sources() - from where other hosts send
 * @overlay: with this host's address, which is none of them
 * @ret:     allocated
 *
 * Return: how many.
 */
size_t vnm_overlay_sources(const struct vnm_overlay *overlay, struct vnm_prefix **ret)
{
	struct vnm_prefix prefix = vnm_prefix_network(&overlay->evpn.listen);
	size_t n = 0;

	*ret = NULL;
	if (overlay->evpn.at.present) {
		if (prefix.len)
			add_source(ret, &n, &prefix);
		add_reflector(overlay, &overlay->evpn.reflector, ret, &n);
		add_reflector(overlay, &overlay->evpn.reflector2, ret, &n);
		return n;
	}
	for (size_t i = 0; i < overlay->n_peers; i++) {
		prefix = vnm_prefix_only(&overlay->peers[i].address);
		if (vnm_overlay_is_peer(overlay, i))
			add_source(ret, &n, &prefix);
	}
	return n;
}

/** vnm_evpn_reflects() - does this host tell each of the others what all have told it? */
bool vnm_evpn_reflects(const struct vnm_overlay *overlay)
{
	const struct vnm_evpn *evpn = &overlay->evpn;

	return evpn->reflector.family == AF_UNSPEC ||
	       vnm_addr_equal(&evpn->reflector, &overlay->local) ||
	       vnm_addr_equal(&evpn->reflector2, &overlay->local);
}

static uint32_t hash(uint32_t h, const void *data, size_t len)
{
	for (const unsigned char *at = data; len-- > 0; at++)
		h = (h ^ *at) * FNV_PRIME;
	return h;
}

static struct vnm_mac mac_of(uint32_t h)
{
	return (struct vnm_mac){ true,
				 { 0x02, 0x76, (uint8_t)(h >> 24), (uint8_t)(h >> 16),
				   (uint8_t)(h >> 8), (uint8_t)h } };
}

/** vnm_overlay_gateway_mac() - the MAC address of the gateway, the same on all hosts. */
struct vnm_mac vnm_overlay_gateway_mac(const struct vnm_uuid *uuid)
{
	return mac_of(hash(FNV_BASIS, uuid->b, sizeof(uuid->b)));
}

/** vnm_overlay_host_mac() - that which the bridge of a host has for the others. @net: with the gateway's. @host: its address */
struct vnm_mac vnm_overlay_host_mac(const struct vnm_network *net, const struct vnm_addr *host)
{
	uint32_t h = hash(FNV_BASIS, net->mac.address.b, sizeof(net->mac.address.b));

	return mac_of(hash(h, host->b, vnm_addr_bits(host->family) / 8));
}

/** vnm_overlay_own_mac() - the same of this host. @net: with its own address, local */
struct vnm_mac vnm_overlay_own_mac(const struct vnm_network *net)
{
	return vnm_overlay_host_mac(net, &net->overlay.local);
}

static bool has_part(const struct vnm_overlay_host *host)
{
	return host->at.present && host->index.set && host->of.v > 0;
}

/**
 * vnm_overlay_own_address() - the address that this host has beside the gateway's
 * @host:   its number
 * @subnet: of the network
 * @ret:    the address
 *
 * Return: false: none, since the hosts have no numbers.
 */
bool vnm_overlay_own_address(const struct vnm_overlay_host *host, const struct vnm_prefix *subnet,
			     struct vnm_addr *ret)
{
	const struct vnm_addr last = vnm_prefix_last(subnet);

	if (!has_part(host))
		return false;
	*ret = to_addr(last.family, to_number(&last) - host->index.v);
	return true;
}

/** vnm_overlay_reserves() - is it one of the addresses that hosts have beside the gateway's? */
bool vnm_overlay_reserves(const struct vnm_overlay_host *host, const struct vnm_prefix *subnet,
			  const struct vnm_addr *addr)
{
	const struct vnm_addr last = vnm_prefix_last(subnet);
	number from_last;

	if (!host->at.present || !vnm_prefix_contains(subnet, addr))
		return false;
	from_last = to_number(&last) - to_number(addr);
	return from_last >= 1 && from_last <= host->of.v;
}

/** vnm_overlay_leaves() - is an address outside of ranges left to other hosts to give away? */
bool vnm_overlay_leaves(const struct vnm_overlay_host *host, const struct vnm_addr *addr)
{
	return has_part(host) && to_number(addr) % host->of.v != host->index.v - 1;
}

/**
 * vnm_overlay_share() - cut a range of DHCP down to this host's part
 * @host:   the number of the host, and of how many; absent: nothing is divided
 * @subnet: that the range is in
 * @range:  becomes this host's part
 *
 * Return: false: there are fewer addresses than hosts, so that one of them has none; @range is unchanged.
 */
bool vnm_overlay_share(const struct vnm_overlay_host *host, const struct vnm_prefix *subnet,
		       struct vnm_dhcp_range *range)
{
	const struct vnm_addr last = vnm_prefix_last(subnet);
	number start = to_number(&range->start), end = to_number(&range->end), size, part;
	const int family = range->start.family;

	if (!host->at.present || host->of.v == 0)
		return true;
	if (to_number(&last) - end <= host->of.v)
		end = to_number(&last) - host->of.v - 1;
	size = end >= start ? end - start + 1 : 0;
	part = size / host->of.v;
	if (part == 0)
		return false;
	if (!has_part(host))
		return true;
	range->start = to_addr(family, start + part * (host->index.v - 1));
	range->end = to_addr(family,
			     host->index.v == host->of.v ? end : start + part * host->index.v - 1);
	return true;
}
