/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_bridge.c - the bridge of a network. */
#include "model/vlan.h"
#include "plan/op/op_kind.h"

static void print_bridge(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	const struct vnm_op_bridge *bridge = &op->bridge;
	char mac[VNM_MAC_STRLEN];

	(void)revert;
	vnm_buf_printf(out, "ip link add %s", bridge->name);
	if (bridge->mac.set)
		vnm_buf_printf(out, " address %s", vnm_mac_format(&bridge->mac, mac));
	if (bridge->mtu.set)
		vnm_buf_printf(out, " mtu %u", bridge->mtu.v);
	if (bridge->group)
		vnm_buf_printf(out, " group 0x%x", bridge->group);
	if (bridge->vrf)
		vnm_buf_printf(out, " master %s", bridge->vrf);
	/* iproute2 takes the delay in hundredths of a second, as the kernel does. */
	vnm_buf_printf(out, " type bridge forward_delay %lu stp_state %d fdb_max_learned %d",
		       bridge->delay * 100ul, bridge->stp ? 1 : 0, VNM_BRIDGE_FDB_MAX);
	if (bridge->group_fwd.set)
		vnm_buf_printf(out, " group_fwd_mask 0x%x", bridge->group_fwd.v);
	vnm_buf_printf(out, "%s%s%s\n", bridge->unsnooped ? " mcast_snooping 0" : "",
		       bridge->querier ? " mcast_querier 1" : "",
		       bridge->filters_vlans ? " vlan_filtering 1" : "");
	if (!bridge->filters_vlans || bridge->vlan == VNM_VLAN_DEFAULT)
		return;
	if (bridge->vlan)
		vnm_buf_printf(out, "bridge vlan add dev %s vid %u pvid untagged self\n",
			       bridge->name, bridge->vlan);
	vnm_buf_printf(out, "bridge vlan del dev %s vid %d self\n", bridge->name, VNM_VLAN_DEFAULT);
}

const struct vnm_op_kind vnm_op_kind_bridge = {
	.name = "bridge",
	.fields = {
		REQ("name", STRING, bridge.name),
		OPT("mac", MAC, bridge.mac),
		OPT("mtu", UINT, bridge.mtu),
		OPT("stp", BOOL, bridge.stp),
		OPT("delay", U32, bridge.delay),
		OPT("group", U32, bridge.group),
		OPT("peers", BOOL, bridge.peers),
		OPT("group-fwd", UINT, bridge.group_fwd),
		OPT("unsnooped", BOOL, bridge.unsnooped),
		OPT("querier", BOOL, bridge.querier),
		OPT("filters-vlans", BOOL, bridge.filters_vlans),
		OPT("vlan", U16, bridge.vlan),
		OPT("vrf", STRING, bridge.vrf),
	},
	.describe = { "bridge {name}" },
	.apply = { .print = print_bridge },
	.revert = { "ip link del {name}\n" },
	.flags = VNM_OPF_SINGLE | VNM_OPF_PREPARE_CHANGE,
	.device = AT(bridge.name),
};
