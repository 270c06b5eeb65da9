/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_route.c - a route by a device. */
#include <string.h>

#include "plan/op/op_kind.h"

static bool same_route(const struct vnm_op *a, const struct vnm_op *b)
{
	return !strcmp(a->route.dev, b->route.dev) &&
	       vnm_prefix_equal(&a->route.dst, &b->route.dst) &&
	       a->route.metric == b->route.metric && a->route.table == b->route.table;
}

const struct vnm_op_kind vnm_op_kind_route = {
	.name = "route",
	.fields = {
		REQ("dev", STRING, route.dev),
		REQ("dst", PREFIX, route.dst),
		OPT("gateway", ADDR, route.gateway),
		OPT("src", ADDR, route.src),
		OPT("metric", U32, route.metric),
		OPT("table", U32, route.table),
		NETNS(route.ns),
	},
	.describe = { "route {dst} on {dev}" },
	.apply = { "ip route add {dst}[ via {gateway}] dev {dev}[ src {src}]"
		   "[ metric {metric}][ table {table}]\n" },
	.revert = { "ip route del {dst}[ via {gateway}] dev {dev}[ src {src}]"
		    "[ metric {metric}][ table {table}]\n" },
	.same = same_route,
	.flags = VNM_OPF_GONE_WITH_BRIDGE | VNM_OPF_GONE_WITH_ADDRESS,
	.netns = AT(route.ns),
};
