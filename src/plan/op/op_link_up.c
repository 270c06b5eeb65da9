/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_link_up.c - a device is up. Reverting it sets a bridge down. */
#include "plan/op/op_kind.h"

static void describe_link_up(const struct vnm_op *op, struct vnm_buf *out)
{
	vnm_buf_printf(out, "link %s up", op->link_up.dev);
}

static void link_up_commands(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	vnm_buf_printf(out, "ip link set dev %s %s\n", op->link_up.dev, revert ? "down" : "up");
}

const struct vnm_op_kind vnm_op_kind_link_up = {
	.name = "link-up",
	.fields = {
		REQ("dev", STRING, link_up.dev),
		NETNS(link_up.ns),
	},
	.describe = describe_link_up,
	.commands = link_up_commands,
	.flags = VNM_OPF_GONE_WITH_BRIDGE | VNM_OPF_GONE_WITH_NETWORK,
	.netns = AT(link_up.ns),
};
