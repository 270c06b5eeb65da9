/* SPDX-License-Identifier: GPL-2.0-or-later */
/* same_op.h - are two operations the same, member by member? For test_op.c. */
#ifndef VNM_TEST_SAME_OP_H
#define VNM_TEST_SAME_OP_H

#include <string.h>

#include "plan/op/op.h"

/* Equality by hand, not by the table that is under test. */
static bool same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool same_prefix(const struct vnm_prefix *a, const struct vnm_prefix *b)
{
	return a->len == b->len && vnm_addr_equal(&a->addr, &b->addr);
}

static bool same_bridge(const struct vnm_op_bridge *a, const struct vnm_op_bridge *b)
{
	return same(a->name, b->name) && vnm_mac_equal(&a->mac, &b->mac) &&
	       a->mtu.set == b->mtu.set && a->mtu.v == b->mtu.v && a->stp == b->stp &&
	       a->delay == b->delay && a->group == b->group && a->peers == b->peers;
}

static bool same_bandwidth(const struct vnm_op_bandwidth *a, const struct vnm_op_bandwidth *b)
{
	return same(a->dev, b->dev) && a->shape == b->shape && a->mark == b->mark &&
	       a->average == b->average && a->peak == b->peak && a->burst == b->burst &&
	       a->reserved == b->reserved && a->fair == b->fair && same(a->ifb, b->ifb) &&
	       vnm_mac_equal(&a->mac, &b->mac);
}

static bool same_floor(const struct vnm_op_floor *a, const struct vnm_op_floor *b)
{
	return same(a->dev, b->dev) && a->mark == b->mark && a->class_id == b->class_id &&
	       vnm_mac_equal(&a->mac, &b->mac) && a->rate == b->rate && a->ceil == b->ceil &&
	       a->fair == b->fair;
}

static bool same_netns(const struct vnm_op_netns *a, const struct vnm_op_netns *b)
{
	return same(a->path, b->path) && a->ino == b->ino;
}

static bool same_tap(const struct vnm_op_tap *a, const struct vnm_op_tap *b)
{
	return same(a->name, b->name) && vnm_mac_equal(&a->mac, &b->mac) &&
	       a->uid.set == b->uid.set && a->uid.v == b->uid.v && a->gid.set == b->gid.set &&
	       a->gid.v == b->gid.v && a->tun == b->tun && a->multi_queue == b->multi_queue &&
	       a->vnet_hdr == b->vnet_hdr && a->group == b->group && a->mtu == b->mtu;
}

static bool same_macvlan(const struct vnm_op_macvlan *a, const struct vnm_op_macvlan *b)
{
	return same(a->name, b->name) && same(a->parent, b->parent) && a->mode == b->mode &&
	       vnm_mac_equal(&a->mac, &b->mac) && a->tap == b->tap && same_netns(&a->ns, &b->ns);
}

static bool same_zone(const struct vnm_op_zone *a, const struct vnm_op_zone *b)
{
	return same(a->dev, b->dev) && same(a->zone, b->zone) && same(a->network, b->network) &&
	       vnm_mac_equal(&a->mac, &b->mac) && a->by_default == b->by_default;
}

static bool same_uplink(const struct vnm_op_uplink *a, const struct vnm_op_uplink *b)
{
	return same(a->bridge, b->bridge) && same(a->dev, b->dev) &&
	       vnm_mac_equal(&a->mac, &b->mac) && a->since == b->since && a->global == b->global &&
	       same(a->addresses, b->addresses) && same(a->routes, b->routes) &&
	       same(a->neighbours, b->neighbours);
}

static bool same_nameserver(const struct vnm_op_nameserver *a, const struct vnm_op_nameserver *b)
{
	return same(a->dev, b->dev) && same(a->domain, b->domain) &&
	       vnm_addr_equal(&a->addr, &b->addr) && vnm_mac_equal(&a->mac, &b->mac);
}

static bool same_rule(const struct vnm_fwrule *a, const struct vnm_fwrule *b)
{
	/* vnm_fwrule_equal() knows networks; the journal keeps the host bits as well. */
	return vnm_fwrule_equal(a, b) && same_prefix(&a->src, &b->src) &&
	       same_prefix(&a->dst, &b->dst);
}

static bool same_op(const struct vnm_op *a, const struct vnm_op *b)
{
	if (a->type != b->type)
		return false;
	switch (a->type) {
	case VNM_OP_REQUIRE_DEVICE:
		return same(a->require_device.name, b->require_device.name) &&
		       a->require_device.bridge == b->require_device.bridge;
	case VNM_OP_BRIDGE: return same_bridge(&a->bridge, &b->bridge);
	case VNM_OP_SYSCTL:
		return same(a->sysctl.path, b->sysctl.path) &&
		       same(a->sysctl.value, b->sysctl.value) &&
		       same_netns(&a->sysctl.ns, &b->sysctl.ns);
	case VNM_OP_ADDRESS:
		return same(a->address.dev, b->address.dev) &&
		       same_prefix(&a->address.addr, &b->address.addr) &&
		       vnm_addr_equal(&a->address.peer, &b->address.peer) &&
		       same_netns(&a->address.ns, &b->address.ns);
	case VNM_OP_RULE: return same_rule(&a->rule, &b->rule);
	case VNM_OP_ZONE: return same_zone(&a->zone, &b->zone);
	case VNM_OP_NAMESERVER: return same_nameserver(&a->nameserver, &b->nameserver);
	case VNM_OP_BANDWIDTH: return same_bandwidth(&a->bandwidth, &b->bandwidth);
	case VNM_OP_FLOOR: return same_floor(&a->floor, &b->floor);
	case VNM_OP_ROUTE_LOCALNET: return same(a->route_localnet.dev, b->route_localnet.dev);
	case VNM_OP_UPLINK: return same_uplink(&a->uplink, &b->uplink);
	case VNM_OP_LINK_UP:
		return same(a->link_up.dev, b->link_up.dev) &&
		       same_netns(&a->link_up.ns, &b->link_up.ns);
	case VNM_OP_ROUTE:
		return same(a->route.dev, b->route.dev) &&
		       same_prefix(&a->route.dst, &b->route.dst) &&
		       vnm_addr_equal(&a->route.gateway, &b->route.gateway) &&
		       vnm_addr_equal(&a->route.src, &b->route.src) &&
		       a->route.metric == b->route.metric && same_netns(&a->route.ns, &b->route.ns);
	case VNM_OP_ACCEPT_RA: return true;
	case VNM_OP_FORWARDING: return a->forwarding.family == b->forwarding.family;
	case VNM_OP_FILE:
		return same(a->file.dir, b->file.dir) && same(a->file.name, b->file.name) &&
		       same(a->file.content, b->file.content) && a->file.shared == b->file.shared &&
		       same(a->file.owner, b->file.owner) && same(a->file.group, b->file.group);
	case VNM_OP_DNSMASQ:
		return same(a->dnsmasq.dir, b->dnsmasq.dir) &&
		       same(a->dnsmasq.program, b->dnsmasq.program) &&
		       same(a->dnsmasq.lease_file, b->dnsmasq.lease_file) &&
		       a->dnsmasq.single_uid == b->dnsmasq.single_uid;
	case VNM_OP_TAP: return same_tap(&a->tap, &b->tap);
	case VNM_OP_VETH:
		return same(a->veth.name, b->veth.name) && same(a->veth.peer, b->veth.peer) &&
		       vnm_mac_equal(&a->veth.mac, &b->veth.mac) && a->veth.mtu == b->veth.mtu &&
		       a->veth.told_mtu == b->veth.told_mtu && same_netns(&a->veth.ns, &b->veth.ns);
	case VNM_OP_MACVLAN: return same_macvlan(&a->macvlan, &b->macvlan);
	case VNM_OP_BRIDGE_PORT:
		return same(a->bridge_port.dev, b->bridge_port.dev) &&
		       same(a->bridge_port.bridge, b->bridge_port.bridge) &&
		       a->bridge_port.isolated == b->bridge_port.isolated &&
		       a->bridge_port.keep_mtu == b->bridge_port.keep_mtu &&
		       a->bridge_port.root_block == b->bridge_port.root_block &&
		       a->bridge_port.hairpin == b->bridge_port.hairpin;
	case VNM_OP_FRAMES:
		return same(a->frames.bridge, b->frames.bridge) &&
		       same(a->frames.uplink, b->frames.uplink) &&
		       vnm_mac_equal(&a->frames.mac, &b->frames.mac) &&
		       a->frames.served == b->frames.served;
	case VNM_OP_STATION:
		return same(a->station.dev, b->station.dev) &&
		       same(a->station.bridge, b->station.bridge) &&
		       vnm_mac_equal(&a->station.mac, &b->station.mac) &&
		       a->station.unserved == b->station.unserved &&
		       a->station.hairpin == b->station.hairpin;
	case VNM_OP_NETNS: return same_netns(&a->netns, &b->netns);
	case VNM_OP_PROXY_NEIGHBOUR:
		return same(a->proxy_neighbour.dev, b->proxy_neighbour.dev) &&
		       vnm_addr_equal(&a->proxy_neighbour.addr, &b->proxy_neighbour.addr);
	case VNM_OP_DHCP:
		return same(a->dhcp.dir, b->dhcp.dir) && same(a->dhcp.name, b->dhcp.name) &&
		       same(a->dhcp.program, b->dhcp.program) && same(a->dhcp.dev, b->dhcp.dev) &&
		       same(a->dhcp.hostname, b->dhcp.hostname) &&
		       same(a->dhcp.resolv, b->dhcp.resolv) &&
		       a->dhcp.gateway == b->dhcp.gateway && same_netns(&a->dhcp.ns, &b->dhcp.ns);
	case VNM_OP_RESOLV:
		return same(a->resolv.path, b->resolv.path) &&
		       same(a->resolv.content, b->resolv.content);
	case VNM_OP_COUNT: break;
	}
	return false;
}

#endif
