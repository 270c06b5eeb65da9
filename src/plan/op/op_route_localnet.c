/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_route_localnet.c - 127.0.0.0/8 is routed on our bridge (the route_localnet sysctl). */
#include "plan/op/op_kind.h"

const struct vnm_op_kind vnm_op_kind_route_localnet = {
	.name = "localnet",
	.fields = {
		REQ("dev", STRING, route_localnet.dev),
	},
	.describe = { "loopback addresses routed on {dev}" },
	.apply = { "sysctl -w net/ipv4/conf/{dev}/route_localnet=1\n" },
	.revert = { "sysctl -w net/ipv4/conf/{dev}/route_localnet=0\n" },
	.flags = VNM_OPF_GONE_WITH_BRIDGE | VNM_OPF_GUARDED_BY_RULES,
};
