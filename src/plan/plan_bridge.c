/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan_bridge.c - the bridge that a network makes: its settings, addresses and routes, and what the host forwards. Pure. */
#include "plan/plan_bridge.h"

#include <sys/socket.h>

#include "plan/firewall/fw_build.h"
#include "util/mem.h"

#define METRIC_DEFAULT 1

/**
 * vnm_plan_bridge() - the bridge of a network that makes one
 * @net:   the network
 * @facts: its uplink, if it has one
 * @plan:  gets the operation
 */
void vnm_plan_bridge(const struct vnm_network *net, const struct vnm_facts *facts,
		     struct vnm_plan *plan)
{
	struct vnm_op_bridge *bridge = &vnm_plan_add(plan, VNM_OP_BRIDGE)->bridge;

	bridge->name = vnm_strdup(net->bridge.name);
	bridge->mac = net->mac.address;
	bridge->mtu = vnm_network_mtu(net);
	bridge->stp = vnm_network_stp(net);
	bridge->delay = net->bridge.delay.set ? net->bridge.delay.v : 0;
	bridge->group = vnm_plan_group(net);
	bridge->peers = net->guests.bridges == VNM_TRI_YES;
	bridge->group_fwd = net->bridge.group_forward;
	bridge->unsnooped = net->bridge.snooping == VNM_TRI_NO;
	bridge->querier = net->bridge.querier == VNM_TRI_YES;
	if (vnm_network_has_uplink(net)) {
		const struct vnm_fact_link *uplink = vnm_facts_link(facts, net->uplink.dev);

		bridge->mac = uplink->mac;
		bridge->group = VNM_GROUP_UPLINK;
		bridge->mtu = (struct vnm_uint){ uplink->mtu != 0, uplink->mtu };
	}
}

/* Does the host pass on packets of its guests? Those behind a tun are beside the bridge, whatever its mode. */
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
 * No guest tells the host another way, or a smaller MTU of one. The kernel believes ICMP that quotes a packet it may
 * have sent, whoever sends it; so it must come from where its sender is. Where the host does not forward,
 * net.ipv4.conf.all.accept_redirects is enough to accept redirects on any device, and where somebody has set
 * net.ipv4.conf.all.rp_filter to 2, no device is stricter: what is left then the frame filter drops.
 */
static void plan_credulity(const struct vnm_network *net, struct vnm_plan *plan)
{
	plan_sysctl(net, "ipv4", "accept_redirects", "0", plan);
	plan_sysctl(net, "ipv4", "send_redirects", "0", plan);
	if (net->guests.routers != VNM_TRI_YES)
		plan_sysctl(net, "ipv4", "rp_filter", "1", plan);
}

/**
 * vnm_plan_sysctls() - the settings of the bridge of a network that routes or is isolated
 * @in:   the network and its guests
 * @plan: gets the operations
 *
 * Without an IPv6 address of ours the bridge has none at all, so guests cannot reach the host by one. With one,
 * no guest's router advertisement or redirect may change it, and its link-local address serves as soon as the first
 * guest is there, instead of waiting two seconds for another owner to object. The host's forwarding switch does not
 * reach a bridge where somebody has set the default of new devices otherwise.
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

	if (forwards(in, AF_INET))
		plan_sysctl(net, "ipv4", "forwarding", "1", plan);
	if (net->n_ips == 0 && vnm_network_mode(net) != VNM_FORWARD_OPEN)
		plan_sysctl(net, "ipv4", "arp_ignore", "1",
			    plan); /* nor has the host an address there */
	plan_credulity(net, plan);
	/* The kernel takes IPv6 away from a device with a smaller MTU, and its settings with it. */
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
 * vnm_plan_route_localnet() - loopback addresses on the bridge, where a port forwarding begins at one
 *
 * A connection to 127.0.0.1 that leads to a guest has that address on the bridge, too, on its way back.
 */
void vnm_plan_route_localnet(const struct vnm_network *net, struct vnm_plan *plan)
{
	if (vnm_network_uses_loopback(net))
		vnm_plan_add(plan, VNM_OP_ROUTE_LOCALNET)->route_localnet.dev =
			vnm_strdup(net->bridge.name);
}

/**
 * vnm_plan_forwarding() - IP forwarding of the host, and what else must hold while it forwards
 * @in:   the network and its guests
 * @plan: gets the operations
 *
 * An isolated network leads nowhere, but from its bridge to its tuns.
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
