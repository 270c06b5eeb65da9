/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_veth.c - a veth pair: one end here, the other in a guest's network namespace. */
#include "plan/op/op_kind.h"

const struct vnm_op_kind vnm_op_kind_veth = {
	.name = "veth",
	.fields = {
		REQ("name", STRING, veth.name),
		REQ("peer", STRING, veth.peer),
		OPT("mac", MAC, veth.mac),
		OPT("mtu", U32, veth.mtu),
		OPT("told-mtu", BOOL, veth.told_mtu),
		NETNS(veth.ns),
	},
	.describe = { "{peer} in {netns}" },
	.apply = { "ip link add {name}[ mtu {mtu}] type veth peer name {peer}[ mtu {mtu}]"
		   "[ address {mac}] netns {netns}\n" },
	.revert = { "ip link del dev {name}\n" },
	.flags = VNM_OPF_GUEST_DEVICE,
	.device = AT(veth.name),
};
