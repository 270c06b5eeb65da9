/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attach.c - attachments: which addresses they may have, and whether they make sense; all pure. */
#include "model/attach.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "model/port.h"
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

/** vnm_taken_has() - is an address somebody's? Puts them into order first, where they are not. */
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

/** vnm_taken_clear() - forget the addresses. */
void vnm_taken_clear(struct vnm_taken *taken)
{
	free(taken->items);
	*taken = (struct vnm_taken){ 0 };
}

/** vnm_taken_network() - note what a definition itself takes: the host's own addresses, reservations. */
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
 * vnm_taken_named() - note whom a definition names by the address alone: gateways of routes, hosts of the name server
 *
 * They are kept for the guest that is meant, which comes with that address; nobody is given them who asks for any.
 */
void vnm_taken_named(const struct vnm_network *net, struct vnm_taken *taken)
{
	for (size_t i = 0; i < net->n_routes; i++)
		vnm_taken_add(taken, &net->routes[i].gateway);
	for (size_t i = 0; i < net->dns.n_hosts; i++)
		vnm_taken_add(taken, &net->dns.hosts[i].ip);
}

/** vnm_taken_led_to() - note to whom ways of the host lead: they were opened for one guest, and are not for the next. */
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

/**
 * vnm_attach_host_mac() - the MAC address of the host's end of a tap
 *
 * The guest has @guest; the host's end must have another, or the bridge would keep its frames. The first octet is as
 * libvirt has it; a bridge without a MAC address of its own takes the lowest of its ports', and is to keep it.
 */
struct vnm_mac vnm_attach_host_mac(const struct vnm_mac *guest)
{
	struct vnm_mac mac = *guest;

	if (mac.set)
		mac.b[0] = guest->b[0] == 0xfe ? 0xfa : 0xfe;
	return mac;
}

/** vnm_attach_subnet() - the <ip> to whose subnet an address belongs, or NULL. */
const struct vnm_ip *vnm_attach_subnet(const struct vnm_network *net, const struct vnm_addr *addr)
{
	for (size_t i = 0; i < net->n_ips; i++) {
		const struct vnm_prefix prefix = vnm_ip_prefix(&net->ips[i]);

		if (prefix.addr.family == addr->family && vnm_prefix_contains(&prefix, addr))
			return &net->ips[i];
	}
	return NULL;
}

/** vnm_attach_outside() - is an address in none of the network's subnets of its family, although there are some? */
bool vnm_attach_outside(const struct vnm_network *net, const struct vnm_addr *addr)
{
	return vnm_network_has_family(net, addr->family) && !vnm_attach_subnet(net, addr);
}

static void next_address(struct vnm_addr *addr)
{
	for (int i = (int)vnm_addr_bits(addr->family) / 8 - 1; i >= 0; i--)
		if (++addr->b[i])
			break;
}

/* The range of DHCP that holds an address, or NULL. */
static const struct vnm_dhcp_range *range_of(const struct vnm_ip *ip, const struct vnm_addr *addr)
{
	for (size_t i = 0; i < ip->dhcp.n_ranges; i++)
		if (vnm_addr_cmp(&ip->dhcp.ranges[i].start, addr) <= 0 &&
		    vnm_addr_cmp(addr, &ip->dhcp.ranges[i].end) <= 0)
			return &ip->dhcp.ranges[i];
	return NULL;
}

/* The first and last address belong to the subnet itself, but where it has no more than two (RFC 3021). */
static bool is_special(const struct vnm_prefix *prefix, const struct vnm_addr *addr)
{
	const struct vnm_addr first = vnm_prefix_first(prefix), last = vnm_prefix_last(prefix);

	if (vnm_addr_bits(prefix->addr.family) - prefix->len < 2)
		return false;
	return vnm_addr_equal(&first, addr) ||
	       (prefix->addr.family == AF_INET && vnm_addr_equal(&last, addr));
}

static bool is_free(const struct vnm_prefix *prefix, struct vnm_taken *taken,
		    const struct vnm_addr *addr)
{
	return !is_special(prefix, addr) && !vnm_taken_has(taken, addr);
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
		else if (is_free(prefix, taken, &addr))
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
	struct vnm_addr addr = range->start;

	for (; !is_free(prefix, taken, &addr); next_address(&addr))
		if (vnm_addr_cmp(&addr, &range->end) >= 0)
			return -ENOSPC;
	*ret = addr;
	return 0;
}

/**
 * vnm_address_pick() - a free address of a subnet
 * @ip:    the subnet
 * @taken: addresses that are somebody's; put into order
 * @ret:   one that is nobody's; outside of the ranges of DHCP as long as there is one
 *
 * Looks at no more addresses than are taken, and a few: a large range is passed over at once.
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
 * vnm_address_same() - the address with the number that one has in another subnet of the same size
 * @ip:    the subnet
 * @old:   the address, with its prefix length
 * @taken: addresses that are somebody's; put into order
 * @ret:   the address
 *
 * Return: 0; -ENOSPC where that is somebody's, in a range of DHCP, or the subnet is of another size.
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
	if (range_of(ip, &addr) || !is_free(&prefix, taken, &addr))
		return -ENOSPC;
	*ret = addr;
	return 0;
}

/** vnm_attach_reservation() - what DHCP has reserved for a guest's MAC address, or NULL. */
const struct vnm_dhcp_host *vnm_attach_reservation(const struct vnm_network *net,
						   const struct vnm_attachment *attach)
{
	for (size_t i = 0; i < net->n_ips && attach->mac.set; i++) {
		const struct vnm_dhcp *dhcp = &net->ips[i].dhcp;

		for (size_t k = 0; k < dhcp->n_hosts; k++)
			if (dhcp->hosts[k].mac.set &&
			    vnm_mac_equal(&dhcp->hosts[k].mac, &attach->mac))
				return &dhcp->hosts[k];
	}
	return NULL;
}

/* A guest that has a reservation may have another address only where that is none of its kind. */
static int check_reservation(const struct vnm_attachment *attach, const struct vnm_attach_ip *ip,
			     const struct vnm_network *net, struct vnm_error *err)
{
	const struct vnm_dhcp_host *own = vnm_attach_reservation(net, attach);
	char text[VNM_ADDR_STRLEN], mac[VNM_MAC_STRLEN];

	if (!own || own->ip.family != ip->address.family ||
	    vnm_addr_equal(&own->ip, &ip->address) ||
	    vnm_attach_subnet(net, &own->ip) != vnm_attach_subnet(net, &ip->address))
		return 0;
	return vnm_error_set(err, VNM_ERR_XML_MEANING, EINVAL,
			     "network '%s' has %s reserved for MAC address %s; use --ip auto, "
			     "which takes it, or another --mac",
			     net->name, vnm_addr_format(&own->ip, text),
			     vnm_mac_format(&attach->mac, mac));
}

static int check_twice(const struct vnm_attachment *attach, size_t at, struct vnm_error *err)
{
	char text[VNM_ADDR_STRLEN];

	for (size_t i = 0; i < at; i++)
		if (vnm_addr_equal(&attach->ips[i].address, &attach->ips[at].address))
			return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
					     "address %s is given twice",
					     vnm_addr_format(&attach->ips[at].address, text));
	return 0;
}

static bool is_zero(const struct vnm_mac *mac)
{
	const struct vnm_mac zero = { 0 };

	return !memcmp(mac->b, zero.b, sizeof(mac->b));
}

static int check_ip(const struct vnm_attach_ip *ip, const struct vnm_network *net,
		    struct vnm_error *err)
{
	const struct vnm_ip *subnet = vnm_attach_subnet(net, &ip->address);
	char text[VNM_ADDR_STRLEN];
	struct vnm_prefix prefix;

	vnm_addr_format(&ip->address, text);
	if (!subnet && net->n_ips == 0)
		return 0; /* the host has no address on it; the guests among themselves do as they like */
	if (!subnet)
		return vnm_error_set(err, VNM_ERR_XML_MEANING, EINVAL,
				     "address %s is in no subnet of network '%s'", text, net->name);
	prefix = vnm_ip_prefix(subnet);
	if (is_special(&prefix, &ip->address))
		return vnm_error_set(err, VNM_ERR_XML_MEANING, EINVAL,
				     "address %s stands for the whole subnet of network '%s'", text,
				     net->name);
	return 0;
}

static int refuse_tun(const struct vnm_network *net, const char *why, struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_UNSUPPORTED, EOPNOTSUPP,
			     "network '%s' %s, so no guest can be behind a tun of it; use --tap",
			     net->name, why);
}

static int check_host_end(const struct vnm_attachment *attach, size_t i,
			  const struct vnm_network *net, struct vnm_error *err)
{
	const struct vnm_attach_ip *ip = &attach->ips[i];
	const struct vnm_ip *subnet = vnm_attach_subnet(net, &ip->host);
	struct vnm_prefix prefix = { 0 };
	char text[VNM_ADDR_STRLEN];

	vnm_addr_format(&ip->host, text);
	if (subnet)
		prefix = vnm_ip_prefix(subnet);
	if (subnet && is_special(&prefix, &ip->host))
		return vnm_error_set(err, VNM_ERR_XML_MEANING, EINVAL,
				     "address %s stands for the whole subnet of network '%s'", text,
				     net->name);
	if (vnm_addr_equal(&ip->host, &ip->address))
		return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
				     "%s cannot be the address of both ends", text);
	for (size_t k = 0; k < i; k++)
		if (attach->ips[k].host.family == ip->host.family)
			return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
					     "a tun has one pair of addresses of a family");
	return 0;
}

/* It is beside the bridge, with one of the network's addresses: both must be ours. */
static int check_tun(const struct vnm_attachment *attach, const struct vnm_network *net,
		     struct vnm_error *err)
{
	int r = 0;

	if (!vnm_network_makes_bridge(net))
		return refuse_tun(net, "has no bridge of its own", err);
	if (net->n_ips == 0)
		return refuse_tun(net, "has no <ip>", err);
	for (size_t i = 0; i < attach->n_ips && r == 0; i++)
		r = check_host_end(attach, i, net, err);
	return r;
}

/* Where the bridge or the device is the host's, the server is somebody else's. */
static int check_dhcp(const struct vnm_network *net, struct vnm_error *err)
{
	for (size_t i = 0; i < net->n_ips; i++)
		if (net->ips[i].address.family == AF_INET && vnm_dhcp_serves(&net->ips[i].dhcp))
			return 0;
	if (!vnm_network_makes_bridge(net))
		return 0;
	return vnm_error_set(err, VNM_ERR_UNSUPPORTED, EOPNOTSUPP,
			     "network '%s' has no DHCP for IPv4; use --ip auto, or give it a "
			     "<dhcp> with a <range>",
			     net->name);
}

/**
 * vnm_attach_validate() - does an attachment make sense on a network?
 * @attach: the attachment
 * @net:    the network
 * @err:    VNM_ERR_XML_MEANING, VNM_ERR_USAGE
 *
 * Return: 0 or -EINVAL.
 */
int vnm_attach_validate(const struct vnm_attachment *attach, const struct vnm_network *net,
			struct vnm_error *err)
{
	int r = 0;

	if (!vnm_ifname_valid(attach->dev))
		return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
				     "'%.60s' cannot be the name of a device: 1 to 15 letters, "
				     "digits and _ . -",
				     attach->dev);
	if (attach->ifname && !vnm_ifname_valid(attach->ifname))
		return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
				     "'%.60s' cannot be the name of a device: 1 to 15 letters, "
				     "digits and _ . -",
				     attach->ifname);
	if (attach->hostname && !vnm_hostname_valid(attach->hostname))
		return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
				     "'%.60s' cannot be a host name: %s", attach->hostname,
				     vnm_hostname_fault(attach->hostname));
	if (attach->mac.set && vnm_mac_is_multicast(&attach->mac))
		return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
				     "a multicast MAC address cannot be a guest's");
	if (attach->mac.set && is_zero(&attach->mac))
		return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
				     "the MAC address 00:00:00:00:00:00 cannot be a guest's");
	if (attach->portgroup && !vnm_port_group(net, attach->portgroup))
		return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
				     "network '%s' has no portgroup '%s'", net->name,
				     attach->portgroup);
	if (attach->kind == VNM_ATTACH_DEV && vnm_network_is_pool(net))
		return vnm_error_set(err, VNM_ERR_UNSUPPORTED, EOPNOTSUPP,
				     "network '%s' has no bridge that device '%s' could be put on",
				     net->name, attach->dev);
	if (attach->dhcp == VNM_TRI_YES)
		r = check_dhcp(net, err);
	if (attach->kind == VNM_ATTACH_TUN)
		r = check_tun(attach, net, err);
	for (size_t i = 0; i < attach->n_ips && r == 0; i++) {
		r = check_ip(&attach->ips[i], net, err);
		if (r == 0)
			r = check_twice(attach, i, err);
		if (r == 0)
			r = check_reservation(attach, &attach->ips[i], net, err);
	}
	return r;
}
