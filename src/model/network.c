/* SPDX-License-Identifier: GPL-2.0-or-later */
/* network.c - the defaults of a definition; all pure. */
#include "model/network.h"

#include <string.h>
#include <sys/socket.h>

#define SECONDS_PER_MINUTE 60
#define SECONDS_PER_HOUR 3600
/* Of the packet that carries a frame: the outer IP header, UDP, VXLAN, and the frame's Ethernet header. */
#define OVERHEAD4 (20u + 8 + 8 + 14)
#define OVERHEAD6 (40u + 8 + 8 + 14)

/** vnm_network_mode() - the forward mode; a <forward> without mode is nat, no <forward> is VNM_FORWARD_NONE. */
enum vnm_forward_mode vnm_network_mode(const struct vnm_network *net)
{
	if (!net->forward.at.present)
		return VNM_FORWARD_NONE;
	return net->forward.mode == VNM_FORWARD_NONE ? VNM_FORWARD_NAT : net->forward.mode;
}

/** vnm_overlay_family() - AF_INET or AF_INET6: of the addresses of the hosts; AF_UNSPEC: it names none. */
int vnm_overlay_family(const struct vnm_overlay *overlay)
{
	return overlay->evpn.at.present		    ? AF_INET
	       : overlay->local.family != AF_UNSPEC ? overlay->local.family
	       : overlay->n_peers		    ? overlay->peers[0].address.family
						    : AF_UNSPEC;
}

/** vnm_overlay_overhead() - by how many bytes the MTU of the guests is less than that between the hosts. */
uint32_t vnm_overlay_overhead(const struct vnm_overlay *overlay)
{
	return vnm_overlay_family(overlay) == AF_INET6 ? OVERHEAD6 : OVERHEAD4;
}

/**
 * vnm_network_mtu() - the MTU of the definition; <mtu size='0'/> counts as absent
 *
 * Without one, that of the packets between the hosts of an overlay decides.
 */
struct vnm_uint vnm_network_mtu(const struct vnm_network *net)
{
	if (net->mtu.size.v != 0)
		return net->mtu.size;
	if (net->overlay.mtu.v == 0)
		return (struct vnm_uint){ 0 };
	return (struct vnm_uint){ true, net->overlay.mtu.v - vnm_overlay_overhead(&net->overlay) };
}

/** vnm_mtu_takes_ipv6() - is the MTU large enough for IPv6? @mtu: 0: not set */
bool vnm_mtu_takes_ipv6(uint32_t mtu)
{
	return mtu == 0 || mtu >= VNM_MTU_MIN_IPV6;
}

/** vnm_network_has_uplink() - does its bridge take over the addresses of a device of the host? */
bool vnm_network_has_uplink(const struct vnm_network *net)
{
	return vnm_network_mode(net) == VNM_FORWARD_BRIDGE && net->uplink.at.present;
}

/**
 * vnm_network_stp() - does its bridge take part in the spanning tree?
 *
 * Not unless told, with an uplink: the host would wait; nor in an overlay: the tree would be of all hosts.
 */
bool vnm_network_stp(const struct vnm_network *net)
{
	return net->bridge.stp == VNM_SWITCH_ON ||
	       (net->bridge.stp == VNM_SWITCH_ABSENT && !vnm_network_has_uplink(net) &&
		!net->overlay.at.present);
}

/** vnm_network_makes_bridge() - is the bridge ours to create (and not one of the host's)? */
bool vnm_network_makes_bridge(const struct vnm_network *net)
{
	switch (vnm_network_mode(net)) {
	case VNM_FORWARD_NONE:
	case VNM_FORWARD_NAT:
	case VNM_FORWARD_ROUTE:
	case VNM_FORWARD_OPEN: return true;
	case VNM_FORWARD_BRIDGE: return vnm_network_has_uplink(net);
	case VNM_FORWARD_PRIVATE:
	case VNM_FORWARD_VEPA:
	case VNM_FORWARD_PASSTHROUGH:
	case VNM_FORWARD_HOSTDEV:
	case VNM_FORWARD_COUNT: break;
	}
	return false;
}

/** vnm_network_uses_bridge() - are guests to be connected to a bridge of the host's own? */
bool vnm_network_uses_bridge(const struct vnm_network *net)
{
	return vnm_network_mode(net) == VNM_FORWARD_BRIDGE && !vnm_network_has_uplink(net) &&
	       net->bridge.name && *net->bridge.name;
}

/** vnm_network_is_pool() - are guests directly on devices of the host, without a bridge? */
bool vnm_network_is_pool(const struct vnm_network *net)
{
	return !vnm_network_makes_bridge(net) && !vnm_network_uses_bridge(net);
}

/** vnm_network_has_host() - does the host get macvlans of its own beside the guests on its devices? */
bool vnm_network_has_host(const struct vnm_network *net)
{
	return net->forward.host == VNM_TRI_YES && vnm_network_is_pool(net);
}

/** vnm_rate_limits() - does a rate limit or guarantee anything? An average of 0 does not, as for libvirt. */
bool vnm_rate_limits(const struct vnm_rate *rate)
{
	return rate->average.v > 0 || rate->floor.v > 0;
}

/** vnm_bandwidth_limits() - does the rate of either direction? */
bool vnm_bandwidth_limits(const struct vnm_bandwidth *bandwidth)
{
	return vnm_rate_limits(&bandwidth->inbound) || vnm_rate_limits(&bandwidth->outbound);
}

/* A prefix length from either form; 0 counts as absent, as for libvirt. */
static unsigned effective_len(const struct vnm_addr *addr, const struct vnm_addr *netmask,
			      const struct vnm_uint *prefix, unsigned otherwise)
{
	unsigned len;

	if (prefix->set && prefix->v > 0)
		return prefix->v;
	if (netmask->family == addr->family && vnm_netmask_to_len(netmask, &len) == 0)
		return len;
	return otherwise;
}

/** vnm_ip_prefix() - address and prefix length; without one the class of a v4 address decides, v6 has 64. */
struct vnm_prefix vnm_ip_prefix(const struct vnm_ip *ip)
{
	unsigned len = effective_len(&ip->address, &ip->netmask, &ip->prefix,
				     vnm_addr_class_len(&ip->address));

	return (struct vnm_prefix){ ip->address, len };
}

/**
 * vnm_route_prefix() - destination and prefix length; without one it is 0, as for libvirt: only 0.0.0.0 and :: fit
 *
 * Without an address it is the one of these that the family says.
 */
struct vnm_prefix vnm_route_prefix(const struct vnm_route *route)
{
	struct vnm_prefix ret = { .addr = route->address };

	if (ret.addr.family == AF_UNSPEC)
		ret.addr.family = route->family == VNM_FAMILY_IPV6 ? AF_INET6 : AF_INET;
	ret.len = effective_len(&ret.addr, &route->netmask, &route->prefix, 0);
	return ret;
}

/** vnm_network_has_family() - does the host have an address of @family (AF_INET, AF_INET6) on the network? */
bool vnm_network_has_family(const struct vnm_network *net, int family)
{
	for (size_t i = 0; i < net->n_ips; i++)
		if (net->ips[i].address.family == family)
			return true;
	return false;
}

/** vnm_network_dns_enabled() - is DNS to be served? It is unless switched off. */
bool vnm_network_dns_enabled(const struct vnm_network *net)
{
	return net->dns.enable != VNM_TRI_NO;
}

/** vnm_dhcp_serves() - has it ranges or reservations? */
bool vnm_dhcp_serves(const struct vnm_dhcp *dhcp)
{
	return dhcp->n_ranges > 0 || dhcp->n_hosts > 0;
}

/** vnm_network_wants_dnsmasq() - an address to serve from, and DNS, DHCP or TFTP to serve. */
bool vnm_network_wants_dnsmasq(const struct vnm_network *net)
{
	if (!vnm_network_makes_bridge(net) || net->n_ips == 0)
		return false;
	if (vnm_network_dns_enabled(net))
		return true;
	for (size_t i = 0; i < net->n_ips; i++)
		if (vnm_dhcp_serves(&net->ips[i].dhcp) || net->ips[i].tftp.at.present)
			return true;
	return false;
}

/** vnm_network_forward_dev() - the one device that forwarding is limited to, or NULL. */
const char *vnm_network_forward_dev(const struct vnm_network *net)
{
	if (net->forward.dev)
		return net->forward.dev;
	return net->forward.n_interfaces > 0 ? net->forward.interfaces[0].dev : NULL;
}

/** vnm_lease_seconds() - a lease time in seconds; without a unit it is in minutes; 0 never ends. */
uint64_t vnm_lease_seconds(const struct vnm_lease *lease)
{
	switch (lease->unit) {
	case VNM_UNIT_SECONDS: return lease->expiry.v;
	case VNM_UNIT_HOURS: return (uint64_t)lease->expiry.v * SECONDS_PER_HOUR;
	case VNM_UNIT_ABSENT:
	case VNM_UNIT_MINUTES:
	case VNM_UNIT_COUNT: break;
	}
	return (uint64_t)lease->expiry.v * SECONDS_PER_MINUTE;
}

/** vnm_port_forward_targets() - how many guests share a forwarded port. */
size_t vnm_port_forward_targets(const struct vnm_port_forward *forward)
{
	return forward->n_targets ? forward->n_targets : 1;
}

/**
 * vnm_port_forward_target() - one of them, with defaults filled in
 * @forward: the forward
 * @i:       which, below vnm_port_forward_targets()
 *
 * Return: the guest; its port is set only where it differs from the forwarded one.
 */
struct vnm_forward_target vnm_port_forward_target(const struct vnm_port_forward *forward, size_t i)
{
	struct vnm_forward_target target = { forward->at, forward->to, forward->to_port, { 0 } };

	if (forward->n_targets) {
		target = forward->targets[i];
		if (!target.port.set)
			target.port = forward->to_port;
	}
	if (!target.weight.set)
		target.weight = (struct vnm_uint){ true, 1 };
	return target;
}

/** vnm_port_forward_to_ports() - the ports of a target: as many as are forwarded. */
struct vnm_port_range vnm_port_forward_to_ports(const struct vnm_port_forward *forward,
						const struct vnm_forward_target *target)
{
	struct vnm_port_range ports = forward->port;

	if (!target->port.set)
		return ports;
	ports.last = (uint16_t)(target->port.v + (ports.last - ports.first));
	ports.first = (uint16_t)target->port.v;
	return ports;
}

/** vnm_port_forward_from_loopback() - is it for connections to 127.0.0.1, too? Impossible for IPv6. */
bool vnm_port_forward_from_loopback(const struct vnm_port_forward *forward)
{
	struct vnm_forward_target target = vnm_port_forward_target(forward, 0);

	if (forward->dev || target.address.family != AF_INET)
		return false;
	return forward->address.family == AF_UNSPEC || forward->address.b[0] == 127;
}

/** vnm_network_uses_loopback() - is a port of 127.0.0.1 forwarded? */
bool vnm_network_uses_loopback(const struct vnm_network *net)
{
	for (size_t i = 0; i < net->n_port_forwards; i++)
		if (vnm_port_forward_from_loopback(&net->port_forwards[i]))
			return true;
	return false;
}

/**
 * vnm_port_forwards_clash() - do two forwards match the same packets?
 * @a: the one
 * @b: the other
 *
 * One for all addresses of the host clashes with one for a single address; likewise devices.
 */
bool vnm_port_forwards_clash(const struct vnm_port_forward *a, const struct vnm_port_forward *b)
{
	struct vnm_forward_target x = vnm_port_forward_target(a, 0);
	struct vnm_forward_target y = vnm_port_forward_target(b, 0);

	if (a->proto != b->proto || x.address.family != y.address.family ||
	    a->port.first > b->port.last || b->port.first > a->port.last)
		return false;
	if (a->dev && b->dev && strcmp(a->dev, b->dev) != 0)
		return false;
	return a->address.family == AF_UNSPEC || b->address.family == AF_UNSPEC ||
	       vnm_addr_equal(&a->address, &b->address);
}
