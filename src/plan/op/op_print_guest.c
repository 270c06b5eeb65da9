/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_print_guest.c - the operations that connect guests, in an administrator's words. */
#include "plan/op/op_print.h"

#include <inttypes.h>
#include <string.h>

#include "model/enums.h"

static void print_tap(const struct vnm_op_tap *tap, struct vnm_buf *out)
{
	char mac[VNM_MAC_STRLEN];

	vnm_buf_printf(out, "ip tuntap add dev %s mode %s", tap->name, tap->tun ? "tun" : "tap");
	if (tap->uid.set)
		vnm_buf_printf(out, " user %" PRIu32, tap->uid.v);
	if (tap->gid.set)
		vnm_buf_printf(out, " group %" PRIu32, tap->gid.v);
	vnm_buf_printf(out, "%s%s\n", tap->multi_queue ? " multi_queue" : "",
		       tap->vnet_hdr ? " vnet_hdr" : "");
	if (tap->group)
		vnm_buf_printf(out, "ip link set dev %s group 0x%" PRIx32 "\n", tap->name,
			       tap->group);
	if (tap->mac.set && !tap->tun)
		vnm_buf_printf(out, "ip link set dev %s address %s\n", tap->name,
			       vnm_mac_format(&tap->mac, mac));
	if (tap->mtu)
		vnm_buf_printf(out, "ip link set dev %s mtu %" PRIu32 "\n", tap->name, tap->mtu);
}

static void print_veth(const struct vnm_op_veth *veth, struct vnm_buf *out)
{
	char mac[VNM_MAC_STRLEN];

	vnm_buf_printf(out, "ip link add %s", veth->name);
	if (veth->mtu)
		vnm_buf_printf(out, " mtu %" PRIu32, veth->mtu);
	vnm_buf_printf(out, " type veth peer name %s", veth->peer);
	if (veth->mtu)
		vnm_buf_printf(out, " mtu %" PRIu32, veth->mtu);
	if (veth->mac.set)
		vnm_buf_printf(out, " address %s", vnm_mac_format(&veth->mac, mac));
	vnm_buf_printf(out, " netns %s\n", veth->ns.path);
}

static void print_macvlan(const struct vnm_op_macvlan *macvlan, bool undo, struct vnm_buf *out)
{
	const char *mode = vnm_enum_name(&vnm_enum_forward_mode, macvlan->mode);
	char mac[VNM_MAC_STRLEN];

	if (undo) {
		if (macvlan->ns.path)
			vnm_buf_printf(out, "nsenter --net=%s ", macvlan->ns.path);
		vnm_buf_printf(out, "ip link del dev %s\n", macvlan->name);
		return;
	}
	vnm_buf_printf(out, "ip link add link %s name %s", macvlan->parent, macvlan->name);
	if (macvlan->mac.set)
		vnm_buf_printf(out, " address %s", vnm_mac_format(&macvlan->mac, mac));
	if (macvlan->ns.path)
		vnm_buf_printf(out, " netns %s", macvlan->ns.path);
	vnm_buf_printf(out, " type %s mode %s\n", macvlan->tap ? "macvtap" : "macvlan",
		       macvlan->mode == VNM_FORWARD_PASSTHROUGH ? "passthru" : mode);
	if (macvlan->uid.set)
		vnm_buf_printf(out, "chown %u /dev/tap$(cat /sys/class/net/%s/ifindex)\n",
			       macvlan->uid.v, macvlan->name);
	if (macvlan->gid.set)
		vnm_buf_printf(out, "chgrp %u /dev/tap$(cat /sys/class/net/%s/ifindex)\n",
			       macvlan->gid.v, macvlan->name);
}

static void print_plug(const struct vnm_op_bridge_port *plug, bool undo, struct vnm_buf *out)
{
	if (undo) {
		if (!plug->was_up)
			vnm_buf_printf(out, "ip link set dev %s down\n", plug->dev);
		vnm_buf_printf(out, "ip link set dev %s nomaster\n", plug->dev);
		return;
	}
	if (plug->keep_mtu)
		vnm_buf_printf(out,
			       "ip link set dev %s mtu %" PRIu32 "\nip link set dev %s mtu %" PRIu32
			       "\n",
			       plug->bridge, plug->keep_mtu + 1, plug->bridge, plug->keep_mtu);
	vnm_buf_printf(out, "ip link set dev %s master %s\n", plug->dev, plug->bridge);
	if (plug->isolated || plug->root_block || plug->hairpin)
		vnm_buf_printf(out, "bridge link set dev %s%s%s%s\n", plug->dev,
			       plug->isolated ? " isolated on" : "",
			       plug->root_block ? " root_block on" : "",
			       plug->hairpin ? " hairpin on" : "");
	if (!plug->was_up)
		vnm_buf_printf(out, "ip link set dev %s up\n", plug->dev);
}

static void print_proxy(const struct vnm_op_proxy_neighbour *proxy, bool undo, struct vnm_buf *out)
{
	char addr[VNM_ADDR_STRLEN];

	vnm_buf_printf(out, "ip neighbour %s proxy %s dev %s\n", undo ? "del" : "add",
		       vnm_addr_format(&proxy->addr, addr), proxy->dev);
}

/* As ip-netns(8) calls it. */
static const char *last_part(const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	return slash ? slash + 1 : path;
}

/**
 * vnm_print_guest() - an operation of VNM_OP_NETNS, _TAP, _VETH, _MACVLAN, _PLUG, _PROXY, _RESOLV, _DHCP as commands
 * @op:   the operation
 * @undo: how it is taken back
 * @out:  where to
 */
void vnm_print_guest(const struct vnm_op *op, bool undo, struct vnm_buf *out)
{
	if (op->type == VNM_OP_NETNS)
		vnm_buf_printf(out, "ip netns %s %s\n", undo ? "del" : "add",
			       last_part(op->netns.path));
	else if (op->type == VNM_OP_MACVLAN)
		print_macvlan(&op->macvlan, undo, out);
	else if (op->type == VNM_OP_BRIDGE_PORT)
		print_plug(&op->bridge_port, undo, out);
	else if (op->type == VNM_OP_PROXY_NEIGHBOUR)
		print_proxy(&op->proxy_neighbour, undo, out);
	else if (op->type == VNM_OP_DHCP && undo)
		vnm_buf_printf(out, "stop %s -i %s in %s\n", op->dhcp.program, op->dhcp.dev,
			       op->dhcp.ns.path);
	else if (op->type == VNM_OP_DHCP)
		vnm_buf_printf(out, "nsenter --net=%s %s -i %s &\n", op->dhcp.ns.path,
			       op->dhcp.program, op->dhcp.dev);
	else if (op->type == VNM_OP_RESOLV)
		vnm_buf_printf(out, "%s %s\n", undo ? "rm" : "write", op->resolv.path);
	else if (undo)
		vnm_buf_printf(out, "ip link del dev %s\n",
			       op->type == VNM_OP_TAP ? op->tap.name : op->veth.name);
	else if (op->type == VNM_OP_TAP)
		print_tap(&op->tap, out);
	else
		print_veth(&op->veth, out);
}

/** vnm_describe_guest() - name what such an operation makes, in a few words. */
void vnm_describe_guest(const struct vnm_op *op, struct vnm_buf *out)
{
	char addr[VNM_ADDR_STRLEN];

	if (op->type == VNM_OP_NETNS)
		vnm_buf_printf(out, "network namespace %s", last_part(op->netns.path));
	else if (op->type == VNM_OP_TAP)
		vnm_buf_printf(out, "%s %s", op->tap.tun ? "tun" : "tap", op->tap.name);
	else if (op->type == VNM_OP_VETH)
		vnm_buf_printf(out, "%s in %s", op->veth.peer, op->veth.ns.path);
	else if (op->type == VNM_OP_MACVLAN)
		vnm_buf_printf(out, "%s on %s", op->macvlan.name, op->macvlan.parent);
	else if (op->type == VNM_OP_BRIDGE_PORT)
		vnm_buf_printf(out, "%s on bridge %s", op->bridge_port.dev, op->bridge_port.bridge);
	else if (op->type == VNM_OP_PROXY_NEIGHBOUR)
		vnm_buf_printf(out, "%s answered for on %s",
			       vnm_addr_format(&op->proxy_neighbour.addr, addr),
			       op->proxy_neighbour.dev);
	else if (op->type == VNM_OP_DHCP)
		vnm_buf_printf(out, "DHCP client for %s in %s", op->dhcp.dev,
			       op->dhcp.ns.path);
	else if (op->type == VNM_OP_STATION)
		vnm_buf_printf(out, "frame filter of %s", op->station.dev);
	else
		vnm_buf_add(out, op->resolv.path);
}
