/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_bridge_port.c - a device on a bridge, and up. */
#include <inttypes.h>

#include "plan/op/op_kind.h"
#include "plan/op/port_vlans_print.h"

static void print_port_revert(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	const struct vnm_op_bridge_port *port = &op->bridge_port;

	(void)revert;
	if (!port->was_up)
		vnm_buf_printf(out, "ip link set dev %s down\n", port->dev);
	vnm_buf_printf(out, "ip link set dev %s nomaster\n", port->dev);
}

static void print_port(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	const struct vnm_op_bridge_port *port = &op->bridge_port;
	char mac[VNM_MAC_STRLEN];

	(void)revert;
	if (port->keep_mtu)
		vnm_buf_printf(out,
			       "ip link set dev %s mtu %" PRIu32 "\nip link set dev %s mtu %" PRIu32
			       "\n",
			       port->bridge, port->keep_mtu + 1, port->bridge, port->keep_mtu);
	vnm_buf_printf(out, "ip link set dev %s master %s\n", port->dev, port->bridge);
	if (port->isolated || port->root_block || port->hairpin)
		vnm_buf_printf(out, "bridge link set dev %s%s%s%s\n", port->dev,
			       port->isolated ? " isolated on" : "",
			       port->root_block ? " root_block on" : "",
			       port->hairpin ? " hairpin on" : "");
	vnm_port_vlans_print(port->dev, port->vlans, out);
	if (port->mac.set)
		vnm_buf_printf(out,
			       "bridge fdb add %s dev %s master static\n"
			       "bridge link set dev %s learning off flood off\n",
			       vnm_mac_format(&port->mac, mac), port->dev, port->dev);
	if (!port->was_up)
		vnm_buf_printf(out, "ip link set dev %s up\n", port->dev);
}

const struct vnm_op_kind vnm_op_kind_bridge_port = {
	.name = "plug",
	.fields = {
		REQ("dev", STRING, bridge_port.dev),
		REQ("bridge", STRING, bridge_port.bridge),
		OPT("isolated", BOOL, bridge_port.isolated),
		OPT("root-block", BOOL, bridge_port.root_block),
		OPT("hairpin", BOOL, bridge_port.hairpin),
		OPT("was-up", BOOL, bridge_port.was_up),
		OPT("keep-mtu", U32, bridge_port.keep_mtu),
		OPT("vlans", STRING, bridge_port.vlans),
		OPT("mac", MAC, bridge_port.mac),
	},
	.describe = { "{dev} on bridge {bridge}" },
	.apply = { .print = print_port },
	.revert = { .print = print_port_revert },
	.flags = VNM_OPF_GONE_WITH_NETWORK,
};
