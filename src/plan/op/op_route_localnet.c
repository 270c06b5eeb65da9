/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_route_localnet.c - the host's 127.0.0.0/8 may be reached over our bridge (the route_localnet sysctl). */
#include "plan/op/op_kind.h"

static void describe_localnet(const struct vnm_op *op, struct vnm_buf *out)
{
	vnm_buf_printf(out, "loopback addresses routed on %s", op->route_localnet.dev);
}

static void localnet_commands(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	vnm_buf_printf(out, "sysctl -w net/ipv4/conf/%s/route_localnet=%d\n",
		       op->route_localnet.dev, revert ? 0 : 1);
}

const struct vnm_op_kind vnm_op_kind_route_localnet = {
	.name = "localnet",
	.fields = {
		REQ("dev", STRING, route_localnet.dev),
	},
	.describe = describe_localnet,
	.commands = localnet_commands,
	.flags = VNM_OPF_GONE_WITH_BRIDGE | VNM_OPF_GUARDED_BY_RULES,
};
