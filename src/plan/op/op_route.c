/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_route.c - a route by a device. */
#include <string.h>
#include <sys/socket.h>

#include "plan/op/op_kind.h"

static void describe_route(const struct vnm_op *op, struct vnm_buf *out)
{
	char dst[VNM_PREFIX_STRLEN];

	vnm_buf_printf(out, "route %s on %s", vnm_prefix_format(&op->route.dst, dst),
		       op->route.dev);
}

static void route_commands(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	const struct vnm_op_route *route = &op->route;
	char dst[VNM_PREFIX_STRLEN], addr[VNM_ADDR_STRLEN];

	vnm_buf_printf(out, "ip route %s %s", revert ? "del" : "add",
		       vnm_prefix_format(&route->dst, dst));
	if (route->gateway.family != AF_UNSPEC)
		vnm_buf_printf(out, " via %s", vnm_addr_format(&route->gateway, addr));
	vnm_buf_printf(out, " dev %s", route->dev);
	if (route->src.family != AF_UNSPEC)
		vnm_buf_printf(out, " src %s", vnm_addr_format(&route->src, addr));
	if (route->metric)
		vnm_buf_printf(out, " metric %u", route->metric);
	vnm_buf_addc(out, '\n');
}

static bool same_route(const struct vnm_op *a, const struct vnm_op *b)
{
	return !strcmp(a->route.dev, b->route.dev) &&
	       vnm_prefix_equal(&a->route.dst, &b->route.dst) && a->route.metric == b->route.metric;
}

const struct vnm_op_kind vnm_op_kind_route = {
	.name = "route",
	.fields = {
		REQ("dev", STRING, route.dev),
		REQ("dst", PREFIX, route.dst),
		OPT("gateway", ADDR, route.gateway),
		OPT("src", ADDR, route.src),
		OPT("metric", U32, route.metric),
		NETNS(route.ns),
	},
	.describe = describe_route,
	.commands = route_commands,
	.same = same_route,
	.flags = VNM_OPF_GONE_WITH_BRIDGE | VNM_OPF_GONE_WITH_ADDRESS,
	.netns = AT(route.ns),
};
