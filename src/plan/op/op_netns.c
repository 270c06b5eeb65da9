/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_netns.c - a named network namespace, created for a guest. */
#include <string.h>

#include "plan/op/op_kind.h"

/* The name as in ip-netns(8). */
static const char *name_of(const struct vnm_op *op)
{
	const char *slash = strrchr(op->netns.path, '/');

	return slash ? slash + 1 : op->netns.path;
}

static void describe_netns(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	(void)revert;
	vnm_buf_printf(out, "network namespace %s", name_of(op));
}

static void print_netns(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	if (revert)
		vnm_buf_printf(out, "ip netns del %s\nrmdir /etc/netns/%s\n", name_of(op),
			       name_of(op));
	else
		vnm_buf_printf(out, "mkdir -p /etc/netns/%s\nip netns add %s\n", name_of(op),
			       name_of(op));
}

const struct vnm_op_kind vnm_op_kind_netns = {
	.name = "netns",
	.fields = {
		REQ("path", STRING, netns.path),
		REQ("ino", U32, netns.ino),
		OPT("cookie", U64, netns.cookie),
	},
	.describe = { .print = describe_netns },
	.apply = { .print = print_netns },
	.revert = { .print = print_netns },
};
