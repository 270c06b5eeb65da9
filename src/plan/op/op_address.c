/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_address.c - an IP address of a device. */
#include <string.h>
#include <sys/socket.h>

#include "plan/op/op_kind.h"

static void print_address(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	const struct vnm_op_address *address = &op->address;
	const int family = address->addr.addr.family;
	char addr[VNM_PREFIX_STRLEN], peer[VNM_ADDR_STRLEN];

	(void)revert;
	vnm_buf_printf(out, "ip address add %s", vnm_prefix_format(&address->addr, addr));
	if (address->peer.family != AF_UNSPEC)
		vnm_buf_printf(out, " peer %s", vnm_addr_format(&address->peer, peer));
	else if (family == AF_INET)
		vnm_buf_add(out, " broadcast +");
	vnm_buf_printf(out, " dev %s%s\n", address->dev, family == AF_INET6 ? " nodad" : "");
}

static bool same_address(const struct vnm_op *a, const struct vnm_op *b)
{
	return !strcmp(a->address.dev, b->address.dev) &&
	       vnm_addr_equal(&a->address.addr.addr, &b->address.addr.addr);
}

const struct vnm_op_kind vnm_op_kind_address = {
	.name = "address",
	.fields = {
		REQ("dev", STRING, address.dev),
		REQ("addr", PREFIX, address.addr),
		OPT("peer", ADDR, address.peer),
		NETNS(address.ns),
	},
	.describe = { "address {addr} on {dev}" },
	.apply = { .print = print_address },
	.revert = { "ip address del {addr}[ peer {peer}] dev {dev}\n" },
	.same = same_address,
	.flags = VNM_OPF_GONE_WITH_BRIDGE | VNM_OPF_GONE_WITH_ADDRESS,
	.netns = AT(address.ns),
};
