/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conflict_start.c - are a network's subnets and bridge free, among active networks and on the host? Pure.
 *
 * A subnet conflicts with every subnet of an active network and every route of the host that shares an address with
 * it. Two kinds of routes are exempt, since our longer prefix is preferred: the default route, and a route to a
 * larger subnet by a gateway or a tunnel, as sites and VPNs route private ranges. Link-local subnets never conflict.
 * In a VRF there are no routes of the host, and networks in different ones may have the same subnets.
 *
 * A live update checks only what it adds: whatever came to the host after the network must not prevent, for example,
 * closing a port.
 */
#include "plan/conflict/conflict_start.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "model/attach.h"
#include "model/ovs.h"
#include "model/vrf.h"
#include "plan/conflict/conflict_uplink.h"
#include "plan/conflict/conflict_vrf.h"
#include "plan/plan_zone.h"

/* Prefix length; no subnet is that large, but VPNs split the default route into two or more such routes. */
#define DEFAULT_LEN_MAX 7

/* ---- the other networks ---- */

static int check_other_subnets(const struct vnm_network *net, const struct vnm_network *old,
			       const struct vnm_network *other, struct vnm_error *err)
{
	char text[VNM_PREFIX_STRLEN];
	struct vnm_prefix overlap;

	if (!vnm_conflict_overlap(net, old, other, &overlap))
		return 0;
	if (net->vrf.at.present != other->vrf.at.present)
		return vnm_error_set(
			err, VNM_ERR_SUBNET_IN_USE, EADDRINUSE,
			"subnet %s of network '%s' is already in use by active network '%s' "
			"(bridge %s), and only networks in different VRFs may have the same; "
			"choose another <ip>, or give network '%s' a <vnm:vrf>, too",
			vnm_prefix_format(&overlap, text), net->name, other->name,
			other->bridge.name ? other->bridge.name : "unknown",
			net->vrf.at.present ? other->name : net->name);
	return vnm_error_set(err, VNM_ERR_SUBNET_IN_USE, EADDRINUSE,
			     "subnet %s of network '%s' is already in use by active network '%s' "
			     "(bridge %s); choose another <ip> or destroy '%s' first",
			     vnm_prefix_format(&overlap, text), net->name, other->name,
			     other->bridge.name ? other->bridge.name : "unknown", other->name);
}

/* Whether a network, if any, has a route to exactly @prefix. */
static bool has_route(const struct vnm_network *net, const struct vnm_prefix *prefix)
{
	for (size_t i = 0; net && i < net->n_routes; i++) {
		struct vnm_prefix route = vnm_route_prefix(&net->routes[i]);

		if (vnm_prefix_equal(&route, prefix))
			return true;
	}
	return false;
}

static bool has_prefix(const struct vnm_network *net, const struct vnm_prefix *prefix)
{
	return vnm_conflict_has_subnet(net, prefix) || has_route(net, prefix);
}

static int fail_route_conflict(const struct vnm_network *net, const struct vnm_prefix *prefix,
			       const struct vnm_network *other, struct vnm_error *err)
{
	char text[VNM_PREFIX_STRLEN];

	return vnm_error_set(err, VNM_ERR_SUBNET_IN_USE, EADDRINUSE,
			     "network '%s' cannot have a route to %s: active network '%s' (bridge "
			     "%s) has it; destroy '%s' first", net->name,
			     vnm_prefix_format(prefix, text), other->name,
			     other->bridge.name ? other->bridge.name : "unknown", other->name);
}

static int check_other_routes(const struct vnm_network *net, const struct vnm_network *old,
			      const struct vnm_network *other, struct vnm_error *err)
{
	if (!vnm_vrf_shared(net, other))
		return 0;
	for (size_t i = 0; i < net->n_routes; i++) {
		struct vnm_prefix mine = vnm_route_prefix(&net->routes[i]);

		if (!has_route(old, &mine) && has_prefix(other, &mine))
			return fail_route_conflict(net, &mine, other, err);
	}
	for (size_t i = 0; i < other->n_routes; i++) {
		struct vnm_prefix theirs = vnm_route_prefix(&other->routes[i]);

		if (!vnm_conflict_has_subnet(old, &theirs) && vnm_conflict_has_subnet(net, &theirs))
			return fail_route_conflict(net, &theirs, other, err);
	}
	return 0;
}

/* A live change of it begins with one network. */
static int check_password(const struct vnm_network *net, const struct vnm_network *other,
			  struct vnm_error *err)
{
	return vnm_conflict_password(net, other)
		       ? vnm_error_set(
				 err, VNM_ERR_BRIDGE_IN_USE, EEXIST,
				 "network '%s' has another password in <vnm:evpn> than active "
				 "network '%s', and FRR has one for both: give both the same",
				 net->name, other->name)
		       : 0;
}

static int check_other(const struct vnm_network *net, const struct vnm_network *old,
		       const struct vnm_other_net *other, struct vnm_error *err)
{
	int r = 0;

	if (!other->active || vnm_conflict_same(net, other->net))
		return 0;
	if (!old)
		r = vnm_conflict_bridge(net, other->net, err);
	if (r == 0)
		r = vnm_conflict_vni(net, other->net, err);
	if (r == 0)
		r = vnm_conflict_evpn(net, other->net, err);
	if (r == 0)
		r = vnm_conflict_vrf(net, other->net, err);
	if (r == 0 && !old)
		r = check_password(net, other->net, err);
	if (r == 0)
		r = check_other_subnets(net, old, other->net, err);
	return r < 0 ? r : check_other_routes(net, old, other->net, err);
}

/* ---- the host ---- */

static const char *device_of(const struct vnm_facts *facts, const struct vnm_fact_route *route)
{
	const struct vnm_fact_link *link = vnm_facts_link_index(facts, route->ifindex);

	return link ? link->name : "unknown";
}

/* Does the route leave by the network's bridge or one of its tuns? */
static bool leaves_by_own(const struct vnm_plan_input *in, const char *dev)
{
	const char *bridge = in->net->bridge.name;
	const struct vnm_attachment *tun;

	for (size_t i = 0; (tun = vnm_attachments_next_tun(in->guests, &i));)
		if (!strcmp(dev, tun->dev))
			return true;
	return bridge && !strcmp(dev, bridge);
}

/* No neighbour discovery for its addresses: they are behind a gateway or a tunnel. */
static bool leads_away(const struct vnm_facts *facts, const struct vnm_fact_route *route)
{
	const struct vnm_fact_link *link = vnm_facts_link_index(facts, route->ifindex);

	return route->via || (link && link->no_neighbours);
}

static int check_subnet(const struct vnm_plan_input *in, const struct vnm_prefix *subnet,
			const struct vnm_fact_route *route, struct vnm_warnings *warnings,
			struct vnm_error *err)
{
	char mine[VNM_PREFIX_STRLEN], theirs[VNM_PREFIX_STRLEN];
	const char *dev;

	if (route->prefix.len <= DEFAULT_LEN_MAX || vnm_conflict_link_local(subnet) ||
	    !vnm_prefix_overlaps(subnet, &route->prefix))
		return 0;
	dev = device_of(in->facts, route);
	if (leaves_by_own(in, dev))
		return 0;
	vnm_prefix_format(subnet, mine);
	vnm_prefix_format(&route->prefix, theirs);
	if (leads_away(in->facts, route) && route->prefix.len < subnet->len) {
		vnm_warnings_add(warnings,
				 "subnet %s of network '%s' is part of the host's route %s by "
				 "interface %s; what is there has the same addresses and is out of "
				 "reach while the network is active",
				 mine, in->net->name, theirs, dev);
		return 0;
	}
	return vnm_error_set(err, VNM_ERR_SUBNET_IN_USE, EADDRINUSE,
			     "subnet %s of network '%s' is already in use by interface %s (route "
			     "%s); choose another <ip>",
			     mine, in->net->name, dev, theirs);
}

/* The kernel would accept both and use the one with the lower metric: the other subnet would be cut off. */
static int check_route(const struct vnm_plan_input *in, const struct vnm_prefix *wanted,
		       const struct vnm_fact_route *route, struct vnm_error *err)
{
	char text[VNM_PREFIX_STRLEN];
	const char *dev;

	if (!vnm_prefix_equal(wanted, &route->prefix))
		return 0;
	dev = device_of(in->facts, route);
	if (leaves_by_own(in, dev))
		return 0;
	return vnm_error_set(err, VNM_ERR_SUBNET_IN_USE, EADDRINUSE,
			     "Route address '%s' of network '%s' conflicts with the route by "
			     "interface '%s'; remove one of them",
			     vnm_prefix_format(wanted, text), in->net->name, dev);
}

/* A multipath route is listed once for each next hop, in a row: it is checked once. */
static bool repeats_last(const struct vnm_facts *facts, size_t i)
{
	const struct vnm_fact_route *route = &facts->routes[i];

	return i > 0 && leads_away(facts, route) && leads_away(facts, &route[-1]) &&
	       vnm_prefix_equal(&route->prefix, &route[-1].prefix);
}

static int check_host_route(const struct vnm_plan_input *in, const struct vnm_network *old,
			    const struct vnm_fact_route *route, struct vnm_warnings *warnings,
			    struct vnm_error *err)
{
	const struct vnm_network *net = in->net;
	int r = 0;

	for (size_t i = 0; i < net->n_ips && r == 0; i++) {
		struct vnm_prefix prefix = vnm_ip_prefix(&net->ips[i]);
		struct vnm_prefix subnet = vnm_prefix_network(&prefix);

		if (!vnm_conflict_has_subnet(old, &subnet))
			r = check_subnet(in, &subnet, route, warnings, err);
	}
	for (size_t i = 0; i < net->n_routes && r == 0; i++) {
		struct vnm_prefix wanted = vnm_route_prefix(&net->routes[i]);

		if (!has_route(old, &wanted))
			r = check_route(in, &wanted, route, err);
	}
	return r;
}

static int check_host_routes(const struct vnm_plan_input *in, const struct vnm_network *old,
			     struct vnm_warnings *warnings, struct vnm_error *err)
{
	const struct vnm_facts *facts = in->facts;
	int r = 0;

	for (size_t i = 0; i < facts->n_routes && r == 0; i++)
		if (!repeats_last(facts, i))
			r = check_host_route(in, old, &facts->routes[i], warnings, err);
	return r;
}

/**
 * vnm_conflict_meets_route() - does it matter for a start by which device a route of the host leaves?
 * @net:   the definition
 * @route: the route
 */
bool vnm_conflict_meets_route(const struct vnm_network *net, const struct vnm_fact_route *route)
{
	for (size_t i = 0; i < net->n_ips; i++) {
		const struct vnm_prefix prefix = vnm_ip_prefix(&net->ips[i]);

		if (vnm_prefix_overlaps(&prefix, &route->prefix))
			return true;
	}
	for (size_t i = 0; i < net->n_routes; i++) {
		const struct vnm_prefix prefix = vnm_route_prefix(&net->routes[i]);

		if (vnm_prefix_equal(&prefix, &route->prefix))
			return true;
	}
	return false;
}

static const char *kind_of(const struct vnm_fact_link *link)
{
	return link->kind[0] ? link->kind : "hardware";
}

/* A bridge with the definition's MAC address is one of ours that was not removed. */
static int check_own_bridge(const struct vnm_network *net, const struct vnm_facts *facts,
			    struct vnm_error *err)
{
	const char *name = vnm_conflict_bridge_name(net);
	const struct vnm_fact_link *link = name ? vnm_facts_link(facts, name) : NULL;
	char mac[VNM_MAC_STRLEN];

	if (!link)
		return 0;
	if (!strcmp(link->kind, "bridge") && link->mac.set &&
	    vnm_mac_equal(&link->mac, &net->mac.address))
		return 0;
	vnm_mac_format(&link->mac, mac);
	return vnm_error_set(err, VNM_ERR_FOREIGN, EEXIST,
			     "device '%s' already exists and does not belong to network '%s' (kind "
			     "%s, MAC %s); rename the bridge or remove the device", link->name,
			     net->name, kind_of(link), mac[0] ? mac : "none");
}

static int check_host_bridge(const struct vnm_network *net, const struct vnm_facts *facts,
			     struct vnm_error *err)
{
	const char *name = net->bridge.name ? net->bridge.name : "";
	const struct vnm_fact_link *link = vnm_facts_link(facts, name);

	if (!link && facts->boots)
		return 0;
	if (!link)
		return vnm_error_set(err, VNM_ERR_NO_DEVICE, ENODEV,
				     "bridge '%s' does not exist; create it first (ip link add %s "
				     "up type bridge) or name another in <bridge name=.../>",
				     name, name);
	if (strcmp(link->kind, "bridge") != 0 && !vnm_network_uses_ovs(net))
		return vnm_error_set(err, VNM_ERR_NO_DEVICE, ENODEV,
				     "device '%s' is not a bridge (kind %s); name one in <bridge "
				     "name=.../>", name, kind_of(link));
	return 0;
}

/* A bridge of ours without an uplink. */
static int check_new_bridge(const struct vnm_plan_input *in, const struct vnm_network *old,
			    struct vnm_warnings *warnings, struct vnm_error *err)
{
	const struct vnm_network *net = in->net;
	const struct vnm_facts *facts = in->facts;
	int r = check_own_bridge(net, facts, err);

	if (r == 0 && net->vrf.at.present)
		r = vnm_conflict_host_addresses(net, old, facts, err);
	else if (r == 0)
		r = check_host_routes(in, old, warnings, err);
	if (r == 0)
		r = vnm_conflict_forward_dev(net, old, facts, warnings, err);
	if (r < 0)
		return r;
	if (!old || !vnm_zone_by_default(old))
		vnm_zone_warn(net, facts, warnings);
	return 0;
}

/**
 * vnm_conflict_start() - may the network start now?
 * @in:       the definition, complete, and its guests; the host's links and routes, firewalld's zones
 * @old:      its live definition: what is in that is not checked again; NULL: it is not active
 * @others:    other networks; only active ones count
 * @n:        how many
 * @warnings: what works, but at the cost of something else
 * @err:      VNM_ERR_SUBNET_IN_USE, VNM_ERR_BRIDGE_IN_USE, VNM_ERR_FOREIGN, VNM_ERR_NO_DEVICE,
 *            VNM_ERR_UNSUPPORTED
 *
 * Return: 0 or -errno.
 */
int vnm_conflict_start(const struct vnm_plan_input *in, const struct vnm_network *old,
		       const struct vnm_other_net *others, size_t n, struct vnm_warnings *warnings,
		       struct vnm_error *err)
{
	const struct vnm_network *net = in->net;
	const struct vnm_facts *facts = in->facts;
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++)
		r = check_other(net, old, &others[i], err);
	if (r < 0)
		return r;
	if (vnm_network_has_uplink(net))
		return vnm_conflict_uplink(net, old, facts, others, n, warnings, err);
	if (vnm_network_is_pool(net))
		return vnm_conflict_pool(net, old, facts, others, n, err);
	if (vnm_network_uses_bridge(net))
		return old && vnm_network_uses_bridge(old) ? 0 : check_host_bridge(net, facts, err);
	return vnm_network_makes_bridge(net) ? check_new_bridge(in, old, warnings, err) : 0;
}
