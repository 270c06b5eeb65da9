/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_dhcp.c - a DHCP client in a guest's network namespace. */
#include "plan/op/op_kind.h"

static void describe_dhcp(const struct vnm_op *op, struct vnm_buf *out)
{
	vnm_buf_printf(out, "DHCP client for %s in %s", op->dhcp.dev, op->dhcp.ns.path);
}

static void dhcp_commands(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	const struct vnm_op_dhcp *dhcp = &op->dhcp;

	if (revert)
		vnm_buf_printf(out, "stop %s -i %s in %s\n", dhcp->program, dhcp->dev,
			       dhcp->ns.path);
	else
		vnm_buf_printf(out, "nsenter --net=%s %s -i %s &\n", dhcp->ns.path, dhcp->program,
			       dhcp->dev);
}

const struct vnm_op_kind vnm_op_kind_dhcp = {
	.name = "dhcp",
	.fields = {
		REQ("dir", STRING, dhcp.dir),
		REQ("name", STRING, dhcp.name),
		REQ("program", STRING, dhcp.program),
		REQ("dev", STRING, dhcp.dev),
		OPT("hostname", STRING, dhcp.hostname),
		OPT("resolv", STRING, dhcp.resolv),
		OPT("gateway", BOOL, dhcp.gateway),
		NETNS(dhcp.ns),
	},
	.describe = describe_dhcp,
	.commands = dhcp_commands,
	.flags = VNM_OPF_GONE_WITH_NETWORK,
};
