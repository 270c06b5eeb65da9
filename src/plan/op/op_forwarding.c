/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_forwarding.c - settings of the host that networks share: IP forwarding, and accept_ra while it is on. */
#include <sys/socket.h>

#include "plan/op/op_kind.h"

static const char *family_name(const struct vnm_op *op)
{
	return op->forwarding.family == AF_INET6 ? "IPv6" : "IPv4";
}

static void describe_forwarding(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	(void)revert;
	vnm_buf_printf(out, "%s forwarding", family_name(op));
}

static void print_forwarding(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	if (revert)
		vnm_buf_printf(
			out, "# %s forwarding: shared; goes with the last network that needs it\n",
			family_name(op));
	else
		vnm_buf_printf(out, "sysctl -w %s=1\n",
			       op->forwarding.family == AF_INET6 ? "net.ipv6.conf.all.forwarding"
								 : "net.ipv4.ip_forward");
}

const struct vnm_op_kind vnm_op_kind_forwarding = {
	.name = "forwarding",
	.fields = {
		REQ("family", FAMILY, forwarding.family),
	},
	.describe = { .print = describe_forwarding },
	.apply = { .print = print_forwarding },
	.revert = { .print = print_forwarding },
};

const struct vnm_op_kind vnm_op_kind_accept_ra = {
	.name = "accept-ra",
	.describe = { "router advertisements while IPv6 is forwarded" },
	.apply = { "# accept_ra=2 where it is 1, on the devices of the host, and for new ones\n" },
	.revert = { "# accept_ra=2: shared; goes with IPv6 forwarding\n" },
};
