/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_proxy_neighbour.c - the host answers (proxy ARP, NDP) on a bridge for a guest that is not on it. */
#include "plan/op/op_kind.h"

static void describe_proxy(const struct vnm_op *op, struct vnm_buf *out)
{
	char addr[VNM_ADDR_STRLEN];

	vnm_buf_printf(out, "%s answered for on %s",
		       vnm_addr_format(&op->proxy_neighbour.addr, addr), op->proxy_neighbour.dev);
}

static void proxy_commands(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	char addr[VNM_ADDR_STRLEN];

	vnm_buf_printf(out, "ip neighbour %s proxy %s dev %s\n", revert ? "del" : "add",
		       vnm_addr_format(&op->proxy_neighbour.addr, addr), op->proxy_neighbour.dev);
}

const struct vnm_op_kind vnm_op_kind_proxy_neighbour = {
	.name = "proxy",
	.fields = {
		REQ("dev", STRING, proxy_neighbour.dev),
		REQ("addr", ADDR, proxy_neighbour.addr),
	},
	.describe = describe_proxy,
	.commands = proxy_commands,
};
