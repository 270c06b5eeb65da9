/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_macvlan.c - a macvlan or macvtap device on top of one of the host's. */
#include "model/enums.h"
#include "plan/op/op_kind.h"

static void print_macvlan(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	const struct vnm_op_macvlan *macvlan = &op->macvlan;
	const char *mode = vnm_enum_name(&vnm_enum_forward_mode, macvlan->mode);
	char mac[VNM_MAC_STRLEN];

	(void)revert;
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

const struct vnm_op_kind vnm_op_kind_macvlan = {
	.name = "macvlan",
	.fields = {
		REQ("name", STRING, macvlan.name),
		REQ("parent", STRING, macvlan.parent),
		REQ_ENUM("mode", macvlan.mode, &vnm_enum_forward_mode),
		OPT("mac", MAC, macvlan.mac),
		OPT("uid", UINT, macvlan.uid),
		OPT("gid", UINT, macvlan.gid),
		OPT("tap", BOOL, macvlan.tap),
		NETNS(macvlan.ns),
	},
	.describe = { "{name} on {parent}" },
	.apply = { .print = print_macvlan },
	.revert = { "[nsenter --net={netns} ]ip link del dev {name}\n" },
	.flags = VNM_OPF_GUEST_DEVICE,
	.device = AT(macvlan.name),
};
