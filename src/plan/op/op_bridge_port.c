/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_bridge_port.c - a device on a bridge, and up. */
#include <inttypes.h>

#include "model/vlan.h"
#include "plan/op/op_kind.h"

#define DEFAULT_VLAN 1 /* of a bridge, unless its default_pvid was changed */

static void print_port_revert(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	const struct vnm_op_bridge_port *port = &op->bridge_port;

	(void)revert;
	if (!port->was_up)
		vnm_buf_printf(out, "ip link set dev %s down\n", port->dev);
	vnm_buf_printf(out, "ip link set dev %s nomaster\n", port->dev);
}

/* What the port is a member of before, it is by the bridge's default. */
static void print_vlans(const struct vnm_op_bridge_port *port, struct vnm_buf *out)
{
	struct vnm_vlan_members members vnm_automembers = { 0 };
	bool first = false;

	if (!port->vlans || vnm_vlan_members_parse(port->vlans, &members) < 0)
		return;
	for (size_t i = 0; i < members.n; i++) {
		const struct vnm_vlan_member *member = &members.items[i];

		first |= member->id == DEFAULT_VLAN;
		vnm_buf_printf(out, "bridge vlan add dev %s vid %u%s%s\n", port->dev, member->id,
			       member->pvid ? " pvid" : "", member->untagged ? " untagged" : "");
	}
	if (!first)
		vnm_buf_printf(out, "bridge vlan del dev %s vid %d\n", port->dev, DEFAULT_VLAN);
}

static void print_port(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	const struct vnm_op_bridge_port *port = &op->bridge_port;

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
	print_vlans(port, out);
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
	},
	.describe = { "{dev} on bridge {bridge}" },
	.apply = { .print = print_port },
	.revert = { .print = print_port_revert },
	.flags = VNM_OPF_GONE_WITH_NETWORK,
};
