/* SPDX-License-Identifier: GPL-2.0-or-later */
/* taken.c - addresses in use, and which free one a new guest gets. */
#include "model/taken.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "model/overlay.h"
#include "util/mem.h"

/** vnm_taken_add() - note an address as taken. */
void vnm_taken_add(struct vnm_taken *taken, const struct vnm_addr *addr)
{
	if (addr->family == AF_UNSPEC)
		return;
	taken->items = vnm_array_add(taken->items, &taken->n, sizeof(*taken->items));
	taken->items[taken->n - 1] = *addr;
	taken->sorted = false;
}

static int compare(const void *a, const void *b)
{
	return vnm_addr_cmp(a, b);
}

/** vnm_taken_has() - is an address taken? Sorts the list first, if necessary. */
bool vnm_taken_has(struct vnm_taken *taken, const struct vnm_addr *addr)
{
	if (taken->n == 0)
		return false;
	if (!taken->sorted)
		qsort(taken->items, taken->n, sizeof(*taken->items), compare);
	taken->sorted = true;
	return bsearch(addr, taken->items, taken->n, sizeof(*taken->items), compare) != NULL;
}

/** vnm_taken_drop() - note an address as free. */
void vnm_taken_drop(struct vnm_taken *taken, const struct vnm_addr *addr)
{
	size_t n = 0;

	for (size_t i = 0; i < taken->n; i++)
		if (!vnm_addr_equal(&taken->items[i], addr))
			taken->items[n++] = taken->items[i];
	taken->n = n;
}

/** vnm_taken_clear() - free the list. */
void vnm_taken_clear(struct vnm_taken *taken)
{
	free(taken->items);
	*taken = (struct vnm_taken){ 0 };
}

/** vnm_taken_network() - add the addresses of a definition: the host's own, reservations. */
void vnm_taken_network(const struct vnm_network *net, struct vnm_taken *taken)
{
	for (size_t i = 0; i < net->n_ips; i++) {
		const struct vnm_ip *ip = &net->ips[i];

		vnm_taken_add(taken, &ip->address);
		for (size_t k = 0; k < ip->dhcp.n_hosts; k++)
			vnm_taken_add(taken, &ip->dhcp.hosts[k].ip);
	}
}

/**
 * vnm_taken_named() - add guests that a definition refers to by address alone: gateways of routes, DNS hosts
 *
 * Such an address is for the guest that requests it, never chosen for another.
 */
void vnm_taken_named(const struct vnm_network *net, struct vnm_taken *taken)
{
	for (size_t i = 0; i < net->n_routes; i++)
		vnm_taken_add(taken, &net->routes[i].gateway);
	for (size_t i = 0; i < net->dns.n_hosts; i++)
		vnm_taken_add(taken, &net->dns.hosts[i].ip);
}

/** vnm_taken_led_to() - add the targets of port forwarding: opened for one guest, not for the next. */
void vnm_taken_led_to(const struct vnm_network *net, struct vnm_taken *taken)
{
	for (size_t i = 0; i < net->n_port_forwards; i++)
		for (size_t k = 0; k < vnm_port_forward_targets(&net->port_forwards[i]); k++) {
			const struct vnm_forward_target target =
				vnm_port_forward_target(&net->port_forwards[i], k);

			vnm_taken_add(taken, &target.address);
		}
	for (size_t i = 0; i < net->n_static_nats; i++)
		vnm_taken_add(taken, &net->static_nats[i].inside);
}

static void next_address(struct vnm_addr *addr)
{
	for (int i = (int)vnm_addr_bits(addr->family) / 8 - 1; i >= 0; i--)
		if (++addr->b[i])
			break;
}

/* The DHCP range of an address, or NULL. */
static const struct vnm_dhcp_range *range_of(const struct vnm_ip *ip, const struct vnm_addr *addr)
{
	for (size_t i = 0; i < ip->dhcp.n_ranges; i++)
		if (vnm_addr_cmp(&ip->dhcp.ranges[i].start, addr) <= 0 &&
		    vnm_addr_cmp(addr, &ip->dhcp.ranges[i].end) <= 0)
			return &ip->dhcp.ranges[i];
	return NULL;
}

static bool is_free(const struct vnm_prefix *prefix, struct vnm_taken *taken,
		    const struct vnm_addr *addr)
{
	return !vnm_prefix_special(prefix, addr) && !vnm_taken_has(taken, addr);
}

/* On many hosts, some are left to others. */
static bool is_ours(const struct vnm_prefix *prefix, const struct vnm_taken *taken,
		    const struct vnm_addr *addr)
{
	return !vnm_overlay_reserves(&taken->share, prefix, addr) &&
	       !vnm_overlay_leaves(&taken->share, addr);
}

static int pick_outside(const struct vnm_ip *ip, const struct vnm_prefix *prefix,
			struct vnm_taken *taken, struct vnm_addr *ret)
{
	struct vnm_addr addr = vnm_prefix_first(prefix);
	const struct vnm_addr last = vnm_prefix_last(prefix);

	for (;; next_address(&addr)) {
		const struct vnm_dhcp_range *range = range_of(ip, &addr);

		if (range)
			addr = range->end;
		else if (is_free(prefix, taken, &addr) && is_ours(prefix, taken, &addr))
			break;
		if (vnm_addr_cmp(&addr, &last) >= 0)
			return -ENOSPC;
	}
	*ret = addr;
	return 0;
}

static int pick_inside(const struct vnm_dhcp_range *range, const struct vnm_prefix *prefix,
		       struct vnm_taken *taken, struct vnm_addr *ret)
{
	struct vnm_dhcp_range share = *range;
	struct vnm_addr addr;

	if (!vnm_overlay_share(&taken->share, prefix, &share))
		return -ENOSPC;
	for (addr = share.start; !is_free(prefix, taken, &addr); next_address(&addr))
		if (vnm_addr_cmp(&addr, &share.end) >= 0)
			return -ENOSPC;
	*ret = addr;
	return 0;
}

/**
 * vnm_address_pick() - a free address of a subnet
 * @ip:    the subnet
 * @taken: addresses in use; will be sorted
 * @ret:   a free one, preferably outside of DHCP ranges
 *
 * Tries hardly more addresses than are taken: a large range is skipped at once.
 *
 * Return: 0, or -ENOSPC.
 */
int vnm_address_pick(const struct vnm_ip *ip, struct vnm_taken *taken, struct vnm_addr *ret)
{
	const struct vnm_prefix prefix = vnm_ip_prefix(ip);
	int r = pick_outside(ip, &prefix, taken, ret);

	for (size_t i = 0; i < ip->dhcp.n_ranges && r < 0; i++)
		r = pick_inside(&ip->dhcp.ranges[i], &prefix, taken, ret);
	return r;
}

/**
 * vnm_address_same() - an address with the same host part as one of another subnet
 * @ip:    the subnet
 * @old:   the address, with its prefix length
 * @taken: addresses in use; will be sorted
 * @ret:   the address
 *
 * Return: 0; -ENOSPC where that is taken, in a DHCP range, or the subnet has another size.
 */
int vnm_address_same(const struct vnm_ip *ip, const struct vnm_prefix *old, struct vnm_taken *taken,
		     struct vnm_addr *ret)
{
	const struct vnm_prefix prefix = vnm_ip_prefix(ip);
	struct vnm_addr addr = vnm_prefix_first(&prefix);

	if (prefix.len != old->len || addr.family != old->addr.family)
		return -ENOSPC;
	for (unsigned i = 0; i < vnm_addr_bits(addr.family) / 8; i++) {
		unsigned bits = prefix.len > i * 8 ? prefix.len - i * 8 : 0;

		addr.b[i] |= old->addr.b[i] & (bits >= 8 ? 0 : 0xffu >> bits);
	}
	if (range_of(ip, &addr) || !is_free(&prefix, taken, &addr) ||
	    !is_ours(&prefix, taken, &addr))
		return -ENOSPC;
	*ret = addr;
	return 0;
}
