/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * validate_overlay.c - <vnm:overlay>: can the network be on many hosts?
 *
 * What depends on the host, such as whether it has the address and which MTU its device has, is checked when it starts.
 */
#include "model/validate_overlay.h"

#include <sys/socket.h>

#include "model/overlay.h"
#include "model/validate_evpn.h"

/* What makes a loop, or a spanning tree over all hosts. */
static int check_bridge(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;

	if (vnm_network_has_uplink(net))
		return vnm_check_fail(
			check, &net->overlay.at,
			"network '%s' cannot have both <vnm:overlay> and <vnm:uplink>: "
			"its bridges on two hosts would be connected twice, by the LAN "
			"and by the overlay, and packets would go round for ever",
			net->name);
	if (!vnm_network_makes_bridge(net))
		return vnm_check_fail(check, &net->overlay.at,
				      "network '%s' cannot have <vnm:overlay>: it has no bridge of "
				      "its own",
				      net->name);
	if (net->bridge.stp == VNM_SWITCH_ON)
		return vnm_check_fail(check, &net->bridge.at,
				      "network '%s' has <vnm:overlay>, so the bridges of all its "
				      "hosts would be one spanning tree: set stp='off'",
				      net->name);
	return 0;
}

static int order_peers(const void *a, const void *b)
{
	return vnm_addr_cmp(&((const struct vnm_peer *)a)->address,
			    &((const struct vnm_peer *)b)->address);
}

static bool peers_clash(const void *a, const void *b)
{
	return order_peers(a, b) == 0;
}

static int check_twins(struct vnm_check *check)
{
	static const struct vnm_clash_rule rule = { order_peers, peers_clash };
	const struct vnm_overlay *overlay = &check->net->overlay;
	const struct vnm_peer *second;
	char text[VNM_ADDR_STRLEN];
	struct vnm_clash clash;

	if (!vnm_check_clash(overlay->peers, overlay->n_peers, sizeof(*overlay->peers), &rule,
			     &clash))
		return 0;
	second = clash.second;
	return vnm_check_fail(check, &second->at,
			      "<vnm:peer address='%s'/> is in network '%s' twice",
			      vnm_addr_format(&second->address, text), check->net->name);
}

static int check_peers(struct vnm_check *check)
{
	const struct vnm_overlay *overlay = &check->net->overlay;
	int r = 0;

	for (size_t i = 0; i < overlay->n_peers && r == 0; i++) {
		const struct vnm_peer *peer = &overlay->peers[i];

		r = vnm_check_host_address(check, &peer->at, &peer->address);
		if (r == 0 && peer->address.family != vnm_overlay_family(overlay))
			r = vnm_check_fail(
				check, &peer->at,
				"the hosts of network '%s' have IPv4 and IPv6 addresses; "
				"use one family for all of <vnm:overlay>",
				check->net->name);
	}
	if (r == 0)
		r = check_twins(check);
	if (r == 0 && overlay->n_peers == 0)
		vnm_check_warn(check, &overlay->at,
			       "network '%s' has <vnm:overlay> without a <vnm:peer> or <vnm:evpn>: "
			       "it is on this host alone",
			       check->net->name);
	return r;
}

static int check_mtu(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;
	const uint32_t outer = net->overlay.mtu.v, less = vnm_overlay_overhead(&net->overlay);

	if (outer == 0)
		return 0;
	if (net->mtu.size.v > outer - less)
		return vnm_check_fail(
			check, &net->mtu.at,
			"mtu size '%u' of network '%s' is too large: packets between "
			"its hosts have %u bytes at most, of which VXLAN needs %u; it "
			"may be %u, or be left out",
			net->mtu.size.v, net->name, outer, less, outer - less);
	if (vnm_network_mtu(net).v < VNM_MTU_MIN_IPV6 && vnm_network_has_family(net, AF_INET6))
		return vnm_check_fail(
			check, &net->overlay.at,
			"packets of %u bytes between the hosts leave %u for the guests "
			"of network '%s', and IPv6 needs %d; leave out its IPv6 <ip>, or "
			"enlarge the MTU between the hosts",
			outer, outer - less, net->name, VNM_MTU_MIN_IPV6);
	return 0;
}

/* ---- the numbers of hosts ---- */

static int refuse_reserved(struct vnm_check *check, const struct vnm_at *at,
			   const struct vnm_addr *addr)
{
	char text[VNM_ADDR_STRLEN];

	return vnm_check_fail(
		check, at,
		"address '%s' in network '%s' is reserved: the last %u addresses of a "
		"subnet are its hosts' own (<vnm:host of='%u'/>)",
		vnm_addr_format(addr, text), check->net->name, check->net->overlay.host.of.v,
		check->net->overlay.host.of.v);
}

static int check_ip(struct vnm_check *check, const struct vnm_ip *ip)
{
	const struct vnm_overlay_host *host = &check->net->overlay.host;
	const struct vnm_prefix subnet = vnm_ip_prefix(ip);
	char start[VNM_ADDR_STRLEN], end[VNM_ADDR_STRLEN];

	if (vnm_overlay_reserves(host, &subnet, &ip->address))
		return refuse_reserved(check, &ip->at, &ip->address);
	for (size_t i = 0; i < ip->dhcp.n_hosts; i++)
		if (vnm_overlay_reserves(host, &subnet, &ip->dhcp.hosts[i].ip))
			return refuse_reserved(check, &ip->dhcp.hosts[i].at, &ip->dhcp.hosts[i].ip);
	for (size_t i = 0; i < ip->dhcp.n_ranges; i++) {
		struct vnm_dhcp_range share = ip->dhcp.ranges[i];

		if (!vnm_overlay_share(host, &subnet, &share))
			return vnm_check_fail(
				check, &ip->dhcp.ranges[i].at,
				"range %s - %s of network '%s' has no address for each of "
				"%u hosts, which also need the last %u of the subnet "
				"themselves",
				vnm_addr_format(&share.start, start),
				vnm_addr_format(&share.end, end), check->net->name, host->of.v,
				host->of.v);
	}
	return 0;
}

static bool has_range(const struct vnm_network *net)
{
	for (size_t i = 0; i < net->n_ips; i++)
		if (net->ips[i].dhcp.n_ranges)
			return true;
	return false;
}

static int check_hosts(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;
	const struct vnm_overlay_host *host = &net->overlay.host;
	int r = 0;

	if (!host->at.present && has_range(net))
		return vnm_check_fail(
			check, &net->overlay.at,
			"network '%s' leases addresses on several hosts, which would "
			"lease the same ones: <vnm:overlay> needs <vnm:host of='...'/>, "
			"the number of hosts, among which its DHCP ranges are divided",
			net->name);
	if (!host->at.present)
		return 0;
	if (host->index.set && host->index.v > host->of.v)
		return vnm_check_fail(check, &host->at, "network '%s' has host number %u of %u",
				      net->name, host->index.v, host->of.v);
	for (size_t i = 0; i < net->n_ips && r == 0; i++)
		r = check_ip(check, &net->ips[i]);
	return r;
}

/**
 * vnm_check_overlay() - validate <vnm:overlay>
 * @check: the validation; the subnets are valid
 *
 * Return: 0 or -EINVAL.
 */
int vnm_check_overlay(struct vnm_check *check)
{
	const struct vnm_overlay *overlay = &check->net->overlay;
	int r;

	if (!overlay->at.present)
		return 0;
	r = check_bridge(check);
	if (r == 0 && overlay->dev && !vnm_ifname_valid(overlay->dev))
		r = vnm_check_fail(check, &overlay->at,
				   "invalid device name '%.60s' in <vnm:overlay> of network '%s'",
				   overlay->dev, check->net->name);
	if (r == 0 && overlay->local.family != AF_UNSPEC)
		r = vnm_check_host_address(check, &overlay->at, &overlay->local);
	if (r == 0)
		r = overlay->evpn.at.present ? vnm_check_evpn(check) : check_peers(check);
	if (r == 0)
		r = check_mtu(check);
	return r < 0 ? r : check_hosts(check);
}
