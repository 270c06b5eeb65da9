/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_dhcp.c - a DHCP client in a guest's network namespace. */
#include <string.h>

#include "plan/op/op_kind.h"

static bool is_program(const struct vnm_op *op, const char *name)
{
	const char *slash = strrchr(op->dhcp.program, '/');

	return !strcmp(slash ? slash + 1 : op->dhcp.program, name);
}

/* As it is typed: busybox takes the applet's name first, and dhclient takes a device without an option. */
static void print_dhcp(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	const struct vnm_op_dhcp *dhcp = &op->dhcp;

	if (revert)
		vnm_buf_add(out, "stop ");
	else
		vnm_buf_printf(out, "nsenter --net=%s ", dhcp->ns.path);
	vnm_buf_printf(out, "%s%s %s%s", dhcp->program, is_program(op, "busybox") ? " udhcpc" : "",
		       is_program(op, "dhclient") ? "" : "-i ", dhcp->dev);
	if (revert)
		vnm_buf_printf(out, " in %s\n", dhcp->ns.path);
	else
		vnm_buf_add(out, " &\n");
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
		OPT("isolated", BOOL, dhcp.isolated),
		OPT("served", BOOL, dhcp.served),
		NETNS(dhcp.ns),
	},
	.describe = { "DHCP client for {dev} in {netns}" },
	.apply = { .print = print_dhcp },
	.revert = { .print = print_dhcp },
	.flags = VNM_OPF_GONE_WITH_NETWORK,
};
