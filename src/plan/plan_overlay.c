/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plan_overlay.c - what a network on many hosts has besides. Pure.
 *
 * A VXLAN device, which sends what is for everybody, or for an unknown address, to each of the other hosts; it learns from what they
 * send where an address is. A filter, so that each host serves its own guests. And addresses of the host's own, which are the source of
 * what the host sends to guests: to that of the gateway, which all hosts have, a guest elsewhere would answer there.
 *
 * With EVPN the device has no list, and learns nothing: FRR writes into its table of addresses what the other hosts have told it
 * (plan_evpn.c). Neighbours that are known are answered for by the bridge here.
 */
#include "plan/plan_overlay.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "model/overlay.h"
#include "plan/firewall/plan_frames.h"
#include "plan/firewall/plan_within.h"
#include "plan/plan_evpn.h"
#include "util/mem.h"

static bool has_overlay(const struct vnm_network *net)
{
	return net->overlay.at.present;
}

/**
 * vnm_plan_check_overlay() - is all known that the plan needs?
 * @net: a valid definition
 * @err: VNM_ERR_STATE
 *
 * Return: 0 or -EINVAL.
 */
int vnm_plan_check_overlay(const struct vnm_network *net, struct vnm_error *err)
{
	const struct vnm_overlay *overlay = &net->overlay;

	if (!has_overlay(net) || (overlay->local.family != AF_UNSPEC && overlay->mtu.v &&
				  (!overlay->evpn.at.present || overlay->evpn.listen.len) &&
				  (!overlay->host.at.present || overlay->host.index.set)))
		return 0;
	return vnm_error_set(
		err, VNM_ERR_STATE, EINVAL,
		"network '%s' is on many hosts, and it is not known which of them this "
		"one is",
		net->name);
}

/*
 * Neighbours are learnt also from what they tell unasked: an answer to a question of this host might go to another one, if it
 * was the gateway that asked.
 */
static void plan_settings(const struct vnm_plan_input *in, const char *dev, struct vnm_plan *plan)
{
	const struct vnm_network *net = in->net;
	const bool takes_ipv6 = vnm_mtu_takes_ipv6(vnm_network_mtu(net).v);

	if (takes_ipv6)
		vnm_plan_add_sysctl(plan, "1", "net/ipv6/conf/%s/disable_ipv6", dev);
	vnm_plan_add_sysctl(plan, "1", "net/ipv4/conf/%s/arp_accept", net->bridge.name);
	if (takes_ipv6 && vnm_network_has_family(net, AF_INET6) && in->facts->untracked_na)
		vnm_plan_add_sysctl(plan, "1", "net/ipv6/conf/%s/accept_untracked_na",
				    net->bridge.name);
}

/** vnm_plan_overlay_device() - the VXLAN device, and settings of it and of the bridge. */
void vnm_plan_overlay_device(const struct vnm_plan_input *in, struct vnm_plan *plan)
{
	const struct vnm_overlay *overlay = &in->net->overlay;
	char dev[VNM_OVERLAY_DEV_SIZE];
	struct vnm_op_vxlan *vxlan;

	if (!has_overlay(in->net))
		return;
	vnm_overlay_dev(overlay, dev);
	vxlan = &vnm_plan_add(plan, VNM_OP_VXLAN)->vxlan;
	vxlan->name = vnm_strdup(dev);
	vxlan->vni = overlay->vni.v;
	vxlan->port = vnm_overlay_port(overlay);
	vxlan->local = overlay->local;
	vxlan->mtu = vnm_network_mtu(in->net).v;
	vxlan->told = overlay->evpn.at.present;
	if (overlay->dev)
		vxlan->link = vnm_strdup(overlay->dev);
	plan_settings(in, dev, plan);
}

/** vnm_plan_overlay_addresses() - the host's own addresses beside the gateway's. */
void vnm_plan_overlay_addresses(const struct vnm_network *net, struct vnm_plan *plan)
{
	for (size_t i = 0; i < net->n_ips; i++) {
		const struct vnm_prefix subnet = vnm_ip_prefix(&net->ips[i]);
		struct vnm_op_address *address;
		struct vnm_addr own;

		if (!vnm_overlay_own_address(&net->overlay.host, &subnet, &own))
			continue;
		address = &vnm_plan_add(plan, VNM_OP_ADDRESS)->address;
		address->dev = vnm_strdup(net->bridge.name);
		address->addr = vnm_prefix_only(&own);
	}
}

static void plan_half(const struct vnm_network *net, const struct vnm_addr *first, unsigned len,
		      const struct vnm_addr *own, struct vnm_plan *plan)
{
	struct vnm_op_route *route = &vnm_plan_add(plan, VNM_OP_ROUTE)->route;

	route->dev = vnm_strdup(net->bridge.name);
	route->dst = vnm_prefix_network(&(struct vnm_prefix){ *first, len });
	route->src = *own;
}

/**
 * vnm_plan_overlay_routes() - the routes to guests, with the host's own address as their source
 *
 * To each half of a subnet, since the kernel's route to the whole, with the gateway's address, gives way to longer ones only.
 */
void vnm_plan_overlay_routes(const struct vnm_network *net, struct vnm_plan *plan)
{
	for (size_t i = 0; i < net->n_ips; i++) {
		const struct vnm_prefix subnet = vnm_ip_prefix(&net->ips[i]);
		const struct vnm_addr first = vnm_prefix_first(&subnet);
		const struct vnm_addr last = vnm_prefix_last(&subnet);
		struct vnm_addr own;

		if (!vnm_overlay_own_address(&net->overlay.host, &subnet, &own))
			continue;
		plan_half(net, &first, subnet.len + 1, &own, plan);
		plan_half(net, &last, subnet.len + 1, &own, plan);
	}
}

static void add_address(struct vnm_buf *list, const struct vnm_addr *addr)
{
	char text[VNM_ADDR_STRLEN];

	vnm_buf_printf(list, "%s%s", list->len ? "," : "", vnm_addr_format(addr, text));
}

/* What the kernel makes of the bridge's MAC address (RFC 4291 appendix A). */
static struct vnm_addr link_local(const struct vnm_mac *mac)
{
	const uint8_t *b = mac->b;

	return (struct vnm_addr){
		AF_INET6, { 0xfe, 0x80, [8] = b[0] ^ 2, b[1], b[2], 0xff, 0xfe, b[3], b[4], b[5] }
	};
}

static char *gateways_of(const struct vnm_network *net)
{
	const struct vnm_addr local = link_local(&net->mac.address);
	vnm_autobuf struct vnm_buf list = { 0 };

	for (size_t i = 0; i < net->n_ips; i++)
		add_address(&list, &net->ips[i].address);
	if (vnm_network_has_family(net, AF_INET6))
		add_address(&list, &local);
	return vnm_strdup(vnm_buf_str(&list));
}

static char *peers_of(const struct vnm_overlay *overlay)
{
	vnm_autofree struct vnm_prefix *sources = NULL;
	const size_t n = vnm_overlay_sources(overlay, &sources);
	vnm_autobuf struct vnm_buf list = { 0 };
	char text[VNM_PREFIX_STRLEN];

	for (size_t i = 0; i < n; i++)
		if (sources[i].len == vnm_addr_bits(sources[i].addr.family))
			add_address(&list, &sources[i].addr);
		else
			vnm_buf_printf(&list, "%s%s", list.len ? "," : "",
				       vnm_prefix_format(&sources[i], text));
	return vnm_strdup(vnm_buf_str(&list));
}

static void plan_flood(const struct vnm_overlay *overlay, const char *dev, struct vnm_plan *plan)
{
	for (size_t i = 0; i < overlay->n_peers; i++) {
		struct vnm_op_flood *flood;

		if (!vnm_overlay_is_peer(overlay, i))
			continue;
		flood = &vnm_plan_add(plan, VNM_OP_FLOOD)->flood;
		flood->dev = vnm_strdup(dev);
		flood->peer = overlay->peers[i].address;
	}
}

/** vnm_plan_overlay_filter() - what stays on each host, who may send to the VXLAN device, and to whom it sends. */
void vnm_plan_overlay_filter(const struct vnm_network *net, const struct vnm_facts *facts,
			     struct vnm_plan *plan)
{
	const struct vnm_overlay *overlay = &net->overlay;
	struct vnm_op_overlay_filter *filter;
	char dev[VNM_OVERLAY_DEV_SIZE];

	if (!has_overlay(net))
		return;
	vnm_overlay_dev(overlay, dev);
	filter = &vnm_plan_add(plan, VNM_OP_OVERLAY_FILTER)->overlay_filter;
	filter->dev = vnm_strdup(dev);
	filter->family = overlay->local.family;
	filter->vni = overlay->vni.v;
	filter->port = vnm_overlay_port(overlay);
	filter->peers = peers_of(overlay);
	filter->gateways = gateways_of(net);
	filter->mac = net->mac.address;
	filter->own = vnm_overlay_own_mac(net);
	filter->served = vnm_plan_serves(net);
	filter->bgp = vnm_plan_leads_frr(net, facts);
	filter->bfd = filter->bgp && overlay->evpn.bfd == VNM_TRI_YES;
	plan_flood(overlay, dev, plan);
}

/** vnm_plan_overlay_port() - the VXLAN device on the bridge, isolated from guests that are isolated from each other. */
void vnm_plan_overlay_port(const struct vnm_plan_input *in, struct vnm_plan *plan)
{
	struct vnm_op_overlay_port *port;
	char dev[VNM_OVERLAY_DEV_SIZE];

	if (!has_overlay(in->net))
		return;
	vnm_overlay_dev(&in->net->overlay, dev);
	port = &vnm_plan_add(plan, VNM_OP_OVERLAY_PORT)->overlay_port;
	port->dev = vnm_strdup(dev);
	port->bridge = vnm_strdup(in->net->bridge.name);
	port->isolated = vnm_plan_isolates(in);
	port->told = in->net->overlay.evpn.at.present;
}
