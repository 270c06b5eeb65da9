/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan_bridge.c - a network's own bridge: settings, addresses and routes, and the host's forwarding. Pure. */
#include "plan/plan_bridge.h"

#include <sys/socket.h>

#include "model/vlan.h"
#include "plan/firewall/fw_build.h"
#include "util/mem.h"

#define METRIC_DEFAULT 1

/**
 * vnm_plan_bridge() - plan a network's own bridge
 * @net:   the network
 * @facts: its uplink, if it has one
 * @plan:  gets the operation
 */
void vnm_plan_bridge(const struct vnm_network *net, const struct vnm_facts *facts,
		     struct vnm_plan *plan)
{
	struct vnm_op_bridge *bridge = &vnm_plan_add(plan, VNM_OP_BRIDGE)->bridge;

	bridge->name = vnm_strdup(net->bridge.name);
	bridge->vrf = net->vrf.at.present ? vnm_strdup(net->vrf.name) : NULL;
	bridge->mac = net->mac.address;
	bridge->mtu = vnm_network_mtu(net);
	bridge->stp = vnm_network_stp(net);
	bridge->delay = net->bridge.delay.set ? net->bridge.delay.v : 0;
	bridge->group = vnm_plan_group(net);
	bridge->peers = net->guests.bridges == VNM_TRI_YES;
	bridge->group_fwd = net->bridge.group_forward;
	bridge->unsnooped = net->bridge.snooping == VNM_TRI_NO;
	bridge->querier = net->bridge.querier == VNM_TRI_YES;
	bridge->filters_vlans = vnm_network_filters_vlans(net);
	bridge->vlan = vnm_network_host_vlan(net);
	if (vnm_network_has_uplink(net)) {
		const struct vnm_fact_link *uplink = vnm_facts_link(facts, net->uplink.dev);

		bridge->mac = uplink->mac;
		bridge->group = VNM_GROUP_UPLINK;
		bridge->mtu = (struct vnm_uint){ uplink->mtu != 0, uplink->mtu };
	}
}

/* Does the host forward packets of guests? Always between the bridge and tuns. */
static bool forwards(const struct vnm_plan_input *in, int family)
{
	size_t first = 0;

	if (vnm_network_mode(in->net) == VNM_FORWARD_NONE &&
	    !vnm_attachments_next_tun(in->guests, &first))
		return false;
	return vnm_network_has_family(in->net, family);
}

static void plan_sysctl(const struct vnm_network *net, const char *family, const char *name,
			const char *value, struct vnm_plan *plan)
{
	vnm_plan_add_sysctl(plan, value, "net/%s/conf/%s/%s", family, net->bridge.name, name);
}

/*
 * No guest may redirect the host's routes or lower a path MTU. The kernel accepts ICMP errors from any source, so
 * reverse path filtering must be strict. Without forwarding, net.ipv4.conf.all.accept_redirects overrides every
 * device, and so does net.ipv4.conf.all.rp_filter=2: the frame filter drops what then remains.
 */
static void plan_icmp_trust(const struct vnm_network *net, struct vnm_plan *plan)
{
	plan_sysctl(net, "ipv4", "accept_redirects", "0", plan);
	plan_sysctl(net, "ipv4", "send_redirects", "0", plan);
	if (net->guests.routers != VNM_TRI_YES)
		plan_sysctl(net, "ipv4", "rp_filter", "1", plan);
}

/*
 * To IPv6, and to redirects, the VRF is the device by which a packet came in. Router advertisements that dnsmasq sends come back by it:
 * the host would take them.
 */
static void plan_vrf_sysctls(const struct vnm_network *net, struct vnm_plan *plan)
{
	static const struct {
		const char *family, *name, *value;
	} settings[] = {
		{ "ipv4", "accept_redirects", "0" }, { "ipv6", "disable_ipv6", "0" },
		{ "ipv6", "accept_ra", "0" },	     { "ipv6", "autoconf", "0" },
		{ "ipv6", "accept_redirects", "0" }, { "ipv6", "forwarding", "1" },
	};
	const bool v6 = vnm_network_has_family(net, AF_INET6);

	for (size_t i = 0; net->vrf.at.present && i < VNM_ARRAY_SIZE(settings); i++)
		if (v6 || settings[i].family[3] == '4')
			vnm_plan_add_sysctl(plan, settings[i].value, "net/%s/conf/%s/%s",
					    settings[i].family, net->vrf.name, settings[i].name);
}

/**
 * vnm_plan_sysctls() - the settings of the bridge of a network that routes or is isolated
 * @in:   the network and its guests
 * @plan: gets the operations
 *
 * Without an IPv6 address in the definition IPv6 is disabled on the bridge, so guests cannot reach the host by it.
 * With one, router advertisements and redirects of guests are ignored, and duplicate address detection, which takes
 * two seconds, is off. Forwarding is set here as well, since the default for new devices may differ from the host's.
 */
void vnm_plan_sysctls(const struct vnm_plan_input *in, struct vnm_plan *plan)
{
	const struct vnm_network *net = in->net;
	const struct {
		const char *name, *value;
	} settings[] = {
		{ "disable_ipv6", vnm_network_has_family(net, AF_INET6) ? "0" : "1" },
		{ "accept_ra", "0" },
		{ "accept_redirects", "0" },
		{ "autoconf", "0" },
		{ "accept_dad", vnm_network_has_family(net, AF_INET6) ? "0" : NULL },
	};

	plan_vrf_sysctls(net, plan);
	if (forwards(in, AF_INET))
		plan_sysctl(net, "ipv4", "forwarding", "1", plan);
	if (net->n_ips == 0 && vnm_network_mode(net) != VNM_FORWARD_OPEN)
		plan_sysctl(net, "ipv4", "arp_ignore", "1",
			    plan); /* nor does the host have an address there */
	plan_icmp_trust(net, plan);
	/* The kernel removes IPv6, with its settings, from a device with a smaller MTU. */
	if (!vnm_mtu_takes_ipv6(vnm_network_mtu(net).v))
		return;
	for (size_t i = 0; i < VNM_ARRAY_SIZE(settings); i++)
		if (settings[i].value)
			plan_sysctl(net, "ipv6", settings[i].name, settings[i].value, plan);
	if (forwards(in, AF_INET6))
		plan_sysctl(net, "ipv6", "forwarding", "1", plan);
}

/** vnm_plan_addresses() - the addresses of the host on the bridge. */
void vnm_plan_addresses(const struct vnm_network *net, struct vnm_plan *plan)
{
	for (size_t i = 0; i < net->n_ips; i++) {
		struct vnm_op_address *address = &vnm_plan_add(plan, VNM_OP_ADDRESS)->address;

		address->dev = vnm_strdup(net->bridge.name);
		address->addr = vnm_ip_prefix(&net->ips[i]);
	}
}

/** vnm_plan_routes() - the routes to subnets behind guests. */
void vnm_plan_routes(const struct vnm_network *net, struct vnm_plan *plan)
{
	for (size_t i = 0; i < net->n_routes; i++) {
		const struct vnm_route *from = &net->routes[i];
		struct vnm_op_route *route = &vnm_plan_add(plan, VNM_OP_ROUTE)->route;

		route->dev = vnm_strdup(net->bridge.name);
		route->dst = vnm_route_prefix(from);
		route->gateway = from->gateway;
		route->metric = from->metric.set ? from->metric.v : METRIC_DEFAULT;
	}
}

/**
 * vnm_plan_route_localnet() - set route_localnet on the bridge, if a loopback address is forwarded
 *
 * Answers to a connection to 127.0.0.1 that is forwarded to a guest have that address on the bridge.
 */
void vnm_plan_route_localnet(const struct vnm_network *net, struct vnm_plan *plan)
{
	if (vnm_network_uses_loopback(net))
		vnm_plan_add(plan, VNM_OP_ROUTE_LOCALNET)->route_localnet.dev =
			vnm_strdup(net->bridge.name);
}

/**
 * vnm_plan_forwarding() - IP forwarding of the host, and accept_ra while it forwards
 * @in:   the network and its guests
 * @plan: gets the operations
 *
 * An isolated network is forwarded only between its bridge and its tuns.
 */
void vnm_plan_forwarding(const struct vnm_plan_input *in, struct vnm_plan *plan)
{
	static const int families[] = { AF_INET, AF_INET6 };

	if (forwards(in, AF_INET6))
		vnm_plan_add(plan, VNM_OP_ACCEPT_RA);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(families); i++)
		if (forwards(in, families[i]))
			vnm_plan_add(plan, VNM_OP_FORWARDING)->forwarding.family = families[i];
}
