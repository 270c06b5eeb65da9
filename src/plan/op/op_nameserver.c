/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_nameserver.c - the servers of the network's domain, registered with systemd-resolved. */
#include "plan/op/op_kind.h"

static void describe_nameserver(const struct vnm_op *op, struct vnm_buf *out)
{
	vnm_buf_printf(out, "registration of domain %s with systemd-resolved",
		       op->nameserver.domain);
}

static void nameserver_commands(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	const struct vnm_op_nameserver *server = &op->nameserver;
	char addr[VNM_ADDR_STRLEN];

	if (revert)
		vnm_buf_printf(out, "resolvectl revert %s\n", server->dev);
	else
		vnm_buf_printf(out, "resolvectl domain %s '~%s'\nresolvectl dns %s %s\n",
			       server->dev, server->domain, server->dev,
			       vnm_addr_format(&server->addr, addr));
}

const struct vnm_op_kind vnm_op_kind_nameserver = {
	.name = "nameserver",
	.fields = {
		REQ("dev", STRING, nameserver.dev),
		REQ("domain", STRING, nameserver.domain),
		REQ("addr", ADDR, nameserver.addr),
		OPT("mac", MAC, nameserver.mac),
	},
	.describe = describe_nameserver,
	.commands = nameserver_commands,
	.flags = VNM_OPF_SINGLE | VNM_OPF_GONE_WITH_BRIDGE,
};
