/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_veth.c - a veth pair: one end here, the other in a guest's network namespace. */
#include <inttypes.h>

#include "plan/op/op_kind.h"

static void describe_veth(const struct vnm_op *op, struct vnm_buf *out)
{
	vnm_buf_printf(out, "%s in %s", op->veth.peer, op->veth.ns.path);
}

static void veth_commands(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	const struct vnm_op_veth *veth = &op->veth;
	char mac[VNM_MAC_STRLEN];

	if (revert) {
		vnm_buf_printf(out, "ip link del dev %s\n", veth->name);
		return;
	}
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
	.describe = describe_veth,
	.commands = veth_commands,
	.flags = VNM_OPF_GUEST_DEVICE,
	.device = AT(veth.name),
};
