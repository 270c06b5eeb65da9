/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plan_attach.c - the plan of an attachment.
 *
 * In the order of enum vnm_op_type: the device, its addresses, up, on the bridge, routes.
 */
#include "plan/plan_attach.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "model/ovs.h"
#include "model/port.h"
#include "model/vlan.h"
#include "plan/firewall/plan_frames.h"
#include "plan/plan_bandwidth.h"
#include "plan/plan_host.h"
#include "plan/plan_tun.h"
#include "plan/resolv_conf.h"
#include "util/mem.h"

#define DEFAULT_METRIC 0

static struct vnm_op_netns guest_netns(const struct vnm_attachment *attach,
				       const struct vnm_attach_facts *facts)
{
	if (!attach->netns)
		return (struct vnm_op_netns){ 0 };
	return (struct vnm_op_netns){ vnm_strdup(attach->netns), facts->ino, facts->cookie };
}

static void plan_tap(const struct vnm_network *net, const struct vnm_attachment *attach,
		     const struct vnm_attach_facts *facts, struct vnm_plan *plan)
{
	struct vnm_op_tap *tap = &vnm_plan_add(plan, VNM_OP_TAP)->tap;

	tap->name = vnm_strdup(attach->dev);
	tap->mac = vnm_attach_host_mac(&attach->mac);
	tap->uid = attach->owner;
	tap->gid = attach->group;
	tap->mtu = vnm_attach_mtu(net, facts);
	tap->multi_queue = attach->multi_queue == VNM_TRI_YES;
	tap->vnet_hdr = attach->vnet_hdr == VNM_TRI_YES;
}

static void plan_veth(const struct vnm_network *net, const struct vnm_attachment *attach,
		      const struct vnm_attach_facts *facts, struct vnm_plan *plan)
{
	struct vnm_op_veth *veth = &vnm_plan_add(plan, VNM_OP_VETH)->veth;

	veth->name = vnm_strdup(attach->dev);
	veth->peer = vnm_strdup(attach->ifname);
	veth->mac = attach->mac;
	veth->mtu = vnm_attach_mtu(net, facts);
	veth->told_mtu = veth->mtu != 0 && attach->dhcp == VNM_TRI_YES;
	veth->ns = guest_netns(attach, facts);
}

static void plan_macvlan(const struct vnm_network *net, const struct vnm_attachment *attach,
			 const struct vnm_attach_facts *facts, struct vnm_plan *plan)
{
	struct vnm_op_macvlan *macvlan = &vnm_plan_add(plan, VNM_OP_MACVLAN)->macvlan;

	macvlan->name = vnm_strdup(attach->netns ? attach->ifname : attach->dev);
	macvlan->parent = vnm_strdup(facts->parent);
	macvlan->mode = vnm_network_mode(net);
	macvlan->mac = attach->mac;
	macvlan->uid = attach->owner;
	macvlan->gid = attach->group;
	macvlan->tap = attach->kind == VNM_ATTACH_TAP;
	macvlan->ns = guest_netns(attach, facts);
}

static void plan_device(const struct vnm_network *net, const struct vnm_attachment *attach,
			const struct vnm_attach_facts *facts, struct vnm_plan *plan)
{
	if (vnm_network_is_pool(net))
		plan_macvlan(net, attach, facts, plan);
	else if (attach->kind == VNM_ATTACH_TAP)
		plan_tap(net, attach, facts, plan);
	else if (attach->kind == VNM_ATTACH_NETNS)
		plan_veth(net, attach, facts, plan);
}

/*
 * The host's own stack must not accept what arrives on a guest's device, even when the bridge is gone. A device with
 * a smaller MTU has no IPv6, and none of its settings.
 */
static void plan_port_sysctls(const struct vnm_network *net, const struct vnm_attachment *attach,
			      const struct vnm_attach_facts *facts, struct vnm_plan *plan)
{
	bool ours = attach->kind == VNM_ATTACH_TAP ||
		    (attach->kind == VNM_ATTACH_NETNS && !vnm_network_is_pool(net));

	if (!ours || !vnm_mtu_takes_ipv6(vnm_attach_mtu(net, facts)))
		return;
	vnm_plan_add_sysctl(plan, "1", "net/ipv6/conf/%s/disable_ipv6", attach->dev);
}

static void plan_forwarding(const struct vnm_attachment *attach,
			    const struct vnm_attach_facts *facts, struct vnm_plan *plan)
{
	static const char *const paths[] = { "net/ipv4/ip_forward",
					     "net/ipv6/conf/all/forwarding" };

	for (size_t i = 0; attach->router == VNM_TRI_YES && i < VNM_ARRAY_SIZE(paths); i++)
		vnm_plan_add_sysctl(plan, "1", "%s", paths[i])->ns = guest_netns(attach, facts);
}

static void plan_addresses(const struct vnm_attachment *attach,
			   const struct vnm_attach_facts *facts, struct vnm_plan *plan)
{
	for (size_t i = 0; i < attach->n_ips; i++) {
		struct vnm_op_address *address = &vnm_plan_add(plan, VNM_OP_ADDRESS)->address;

		address->dev = vnm_strdup(attach->ifname);
		address->addr =
			(struct vnm_prefix){ attach->ips[i].address, attach->ips[i].prefix.v };
		address->ns = guest_netns(attach, facts);
	}
}

static void plan_up(const struct vnm_attachment *attach, const char *dev,
		    const struct vnm_attach_facts *facts, struct vnm_plan *plan)
{
	struct vnm_op_link_up *up = &vnm_plan_add(plan, VNM_OP_LINK_UP)->link_up;

	up->dev = vnm_strdup(dev);
	up->ns = guest_netns(attach, facts);
}

/*
 * Is the guest's port a hairpin? With br_netfilter, a guest's connection to a port that is forwarded to the guest
 * itself is translated on the bridge, which otherwise never sends a frame back by the port it came by. All guests
 * that may have such a port forwarding are hairpins. Nothing else must come back: that takes the frame filter
 * (facts->filter) and the guest's MAC address, which is unknown behind a device that existed before.
 */
static bool reflects(const struct vnm_network *net, const struct vnm_attachment *attach,
		     const struct vnm_attach_facts *facts)
{
	return facts->filter && attach->kind != VNM_ATTACH_DEV && attach->mac.set &&
	       vnm_network_makes_bridge(net) && !vnm_network_has_uplink(net);
}

/* A device that existed before has a MAC address of its own; those behind it are unknown. */
static void plan_station(const struct vnm_network *net, const struct vnm_attachment *attach,
			 const struct vnm_attach_facts *facts, struct vnm_plan *plan)
{
	bool served = vnm_plan_guards_service(net), hairpin = reflects(net, attach, facts);
	struct vnm_op_station *station;

	if (!served && !hairpin)
		return;
	station = &vnm_plan_add(plan, VNM_OP_STATION)->station;
	station->dev = vnm_strdup(attach->dev);
	station->unserved = !served;
	station->hairpin = hairpin;
	station->by_port = served && facts->frames_by_port;
	if (!attach->mac.set)
		return;
	station->bridge = vnm_strdup(net->bridge.name);
	station->mac = attach->mac;
}

/**
 * vnm_plan_port_vlans() - the VLANs of a guest's bridge port
 * @net:    its network
 * @attach: the guest
 *
 * Return: as vnm_vlan_members_format() writes them, allocated; NULL: nothing is said of them.
 */
char *vnm_plan_port_vlans(const struct vnm_network *net, const struct vnm_attachment *attach)
{
	struct vnm_vlan_members members vnm_automembers = { 0 };
	const struct vnm_vlan *vlan = vnm_attach_vlan(net, attach);

	vnm_vlan_members(vlan, &members);
	/* Where the bridge keeps others in theirs, it is to be seen that it keeps this one out. */
	if (!vlan && vnm_network_filters_vlans(net))
		vnm_vlan_members_add(&members,
				     (struct vnm_vlan_member){ .id = vnm_network_host_vlan(net),
							       .pvid = true,
							       .untagged = true });
	return vnm_vlan_members_format(&members);
}

/**
 * vnm_plan_port_mac() - of which guest is the bridge told?
 * @net:    its network
 * @attach: the guest
 *
 * With macTableManager='libvirt', of those whose MAC address is known; behind a device that existed before it is not.
 *
 * Return: the MAC address; not set: it learns it.
 */
struct vnm_mac vnm_plan_port_mac(const struct vnm_network *net, const struct vnm_attachment *attach)
{
	return net->bridge.mac_table == VNM_MAC_TABLE_LIBVIRT && attach->kind != VNM_ATTACH_DEV
		       ? attach->mac
		       : (struct vnm_mac){ 0 };
}

static void plan_bridge_port(const struct vnm_network *net, const struct vnm_attachment *attach,
		      const struct vnm_attach_facts *facts, struct vnm_plan *plan)
{
	struct vnm_op_bridge_port *port = &vnm_plan_add(plan, VNM_OP_BRIDGE_PORT)->bridge_port;

	port->dev = vnm_strdup(attach->dev);
	port->bridge = vnm_strdup(net->bridge.name);
	port->isolated = vnm_attach_isolated(net, attach);
	port->root_block = net->guests.bridges != VNM_TRI_YES;
	port->hairpin = reflects(net, attach, facts);
	port->was_up = facts->dev_up;
	port->vlans = vnm_plan_port_vlans(net, attach);
	port->mac = vnm_plan_port_mac(net, attach);
	if (vnm_network_uses_bridge(net) && attach->kind == VNM_ATTACH_DEV &&
	    facts->dev_mtu != facts->mtu)
		port->keep_mtu = facts->mtu;
}

/* As libvirt has it: of a trunk, the native VLAN is among those with a tag, and its mode says that it has none. */
static void plan_ovs_port(const struct vnm_network *net, const struct vnm_attachment *attach,
			  const struct vnm_attach_facts *facts, struct vnm_plan *plan)
{
	struct vnm_op_ovs_port *port = &vnm_plan_add(plan, VNM_OP_OVS_PORT)->ovs_port;
	const struct vnm_virtualport *type =
		vnm_virtualport_nearest(net, vnm_port_group(net, attach->portgroup), NULL);
	struct vnm_uuid id =
		vnm_ovs_interface_id(net, attach->portgroup, &attach->mac, attach->dev);
	char uuid[VNM_UUID_STRLEN];

	port->dev = vnm_strdup(attach->dev);
	port->bridge = vnm_strdup(net->bridge.name);
	port->mac = attach->mac;
	port->interface = vnm_strdup(vnm_uuid_format(&id, uuid));
	port->profile = type->parameters.profileid ? vnm_strdup(type->parameters.profileid) : NULL;
	port->was_up = facts->dev_up;
	vnm_plan_ovs_vlans(net, attach, port);
}

/**
 * vnm_plan_ovs_vlans() - the VLANs of a guest's port of Open vSwitch
 * @net:    its network
 * @attach: the guest
 * @port:   gets them in place of those that it has
 */
void vnm_plan_ovs_vlans(const struct vnm_network *net, const struct vnm_attachment *attach,
			struct vnm_op_ovs_port *port)
{
	const struct vnm_vlan *vlan = vnm_attach_vlan(net, attach);

	free(port->trunks);
	port->trunks = vlan ? vnm_vlan_trunks(vlan) : NULL;
	port->tag = 0;
	port->native = VNM_NATIVE_ABSENT;
	for (size_t i = 0; vlan && i < vlan->n_tags; i++) {
		const struct vnm_vlan_tag *tag = &vlan->tags[i];

		if (tag->native == VNM_NATIVE_ABSENT && port->trunks)
			continue;
		port->tag = (uint16_t)tag->id.v;
		port->native = tag->native;
	}
}

/* The host, or on its LAN the LAN's own, if the guest reaches that; NULL: none. */
static const struct vnm_addr *gateway_of(const struct vnm_network *net,
					 const struct vnm_attach_ip *own,
					 const struct vnm_attach_facts *facts)
{
	const struct vnm_ip *ip = vnm_attach_subnet(net, &own->address);
	const struct vnm_prefix subnet = { own->address, own->prefix.v };

	if (ip)
		return &ip->address;
	for (size_t i = 0; i < facts->n_gateways; i++)
		if (facts->gateways[i].family == own->address.family &&
		    vnm_prefix_contains(&subnet, &facts->gateways[i]) &&
		    !vnm_addr_equal(&facts->gateways[i], &own->address))
			return &facts->gateways[i];
	return NULL;
}

/* One for each family, where the network leads out. */
static void plan_routes(const struct vnm_network *net, const struct vnm_attachment *attach,
			const struct vnm_attach_facts *facts, struct vnm_plan *plan)
{
	bool done[2] = { false, false };

	if (attach->gateway == VNM_TRI_NO || vnm_network_mode(net) == VNM_FORWARD_NONE)
		return;
	for (size_t i = 0; i < attach->n_ips; i++) {
		const struct vnm_addr *gateway = gateway_of(net, &attach->ips[i], facts);
		bool v6 = attach->ips[i].address.family == AF_INET6;
		struct vnm_op_route *route;

		if (!gateway || done[v6])
			continue;
		done[v6] = true;
		route = &vnm_plan_add(plan, VNM_OP_ROUTE)->route;
		route->dev = vnm_strdup(attach->ifname);
		route->dst.addr.family = gateway->family;
		route->gateway = *gateway;
		route->metric = DEFAULT_METRIC;
		route->ns = guest_netns(attach, facts);
	}
}

static void plan_resolv(const struct vnm_network *net, const struct vnm_attachment *attach,
			const struct vnm_attach_facts *facts, struct vnm_plan *plan)
{
	const char *kind = vnm_network_mode(net) == VNM_FORWARD_NONE ? VNM_RESOLV_ISOLATED
								     : VNM_RESOLV_OUTSIDE;
	vnm_autobuf struct vnm_buf text = { 0 };
	char server[VNM_ADDR_STRLEN];

	if (!facts->resolv || attach->n_ips == 0 || !vnm_network_dns_enabled(net))
		return;
	for (size_t i = 0; i < attach->n_ips; i++) {
		const struct vnm_ip *ip = vnm_attach_subnet(net, &attach->ips[i].address);

		if (ip)
			vnm_buf_printf(&text, " nameserver %s",
				       vnm_addr_format(&ip->address, server));
	}
	if (net->domain.name)
		vnm_buf_printf(&text, " search %s", net->domain.name);
	if (text.len > 0) {
		struct vnm_op_resolv *resolv = &vnm_plan_add(plan, VNM_OP_RESOLV)->resolv;

		resolv->path = vnm_asprintf("/etc/netns/%s/resolv.conf", attach->netns_name);
		resolv->content = vnm_asprintf("# %s%s%s\n", attach->dev, kind, vnm_buf_str(&text));
	}
}

static void plan_dhcp(const struct vnm_network *net, const struct vnm_attachment *attach,
		      const struct vnm_attach_facts *facts, struct vnm_plan *plan)
{
	struct vnm_op_dhcp *dhcp;

	if (attach->dhcp != VNM_TRI_YES)
		return;
	dhcp = &vnm_plan_add(plan, VNM_OP_DHCP)->dhcp;
	dhcp->dir = vnm_strdup(facts->made_dir);
	dhcp->name = vnm_strdup(attach->dev);
	dhcp->program = vnm_strdup(facts->dhcp_client);
	dhcp->dev = vnm_strdup(attach->ifname);
	dhcp->hostname = attach->hostname ? vnm_strdup(attach->hostname) : NULL;
	if (facts->resolv)
		dhcp->resolv = vnm_asprintf("/etc/netns/%s/resolv.conf", attach->netns_name);
	dhcp->isolated = dhcp->resolv && vnm_network_mode(net) == VNM_FORWARD_NONE;
	dhcp->gateway = attach->gateway != VNM_TRI_NO;
	dhcp->served = vnm_attach_served(net);
	dhcp->ns = guest_netns(attach, facts);
}

/**
 * vnm_plan_attach() - plan an attachment
 * @net:    its network, complete
 * @attach: the attachment, complete and valid
 * @facts:  what was observed
 * @ret:    the plan; free with vnm_plan_clear()
 */
void vnm_plan_attach(const struct vnm_network *net, const struct vnm_attachment *attach,
		     const struct vnm_attach_facts *facts, struct vnm_plan *ret)
{
	struct vnm_plan plan = { 0 };

	if (attach->kind == VNM_ATTACH_TUN) {
		vnm_plan_tun(net, attach, facts, &plan);
		*ret = plan;
		return;
	}
	if (facts->made_netns) {
		struct vnm_op *op = vnm_plan_add(&plan, VNM_OP_NETNS);

		op->netns = guest_netns(attach, facts);
	}
	plan_device(net, attach, facts, &plan);
	plan_port_sysctls(net, attach, facts, &plan);
	if (attach->netns) {
		plan_forwarding(attach, facts, &plan);
		plan_addresses(attach, facts, &plan);
	}
	plan_station(net, attach, facts, &plan);
	if (!vnm_network_is_pool(net))
		vnm_plan_guest_bandwidth(attach->dev, vnm_port_group(net, attach->portgroup),
					 facts->host, &plan);
	if (attach->netns) {
		plan_up(attach, "lo", facts, &plan);
		plan_up(attach, attach->ifname, facts, &plan);
	} else if (vnm_network_is_pool(net)) {
		plan_up(attach, attach->dev, facts, &plan);
	}
	if (vnm_ovs_has(net, attach->portgroup))
		plan_ovs_port(net, attach, facts, &plan);
	else if (!vnm_network_is_pool(net))
		plan_bridge_port(net, attach, facts, &plan);
	if (attach->netns) {
		plan_routes(net, attach, facts, &plan);
		plan_resolv(net, attach, facts, &plan);
		plan_dhcp(net, attach, facts, &plan);
	}
	vnm_plan_host_routes(net, attach, facts, &plan);
	*ret = plan;
}
