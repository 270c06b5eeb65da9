/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_resolv.c - the resolv.conf of a guest's network namespace. */
#include "plan/op/op_kind.h"

static void describe_resolv(const struct vnm_op *op, struct vnm_buf *out)
{
	vnm_buf_add(out, op->resolv.path);
}

static void resolv_commands(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	vnm_buf_printf(out, "%s %s\n", revert ? "rm" : "write", op->resolv.path);
}

const struct vnm_op_kind vnm_op_kind_resolv = {
	.name = "resolv",
	.fields = {
		REQ("path", STRING, resolv.path),
		REQ("content", STRING, resolv.content),
	},
	.describe = describe_resolv,
	.commands = resolv_commands,
};
