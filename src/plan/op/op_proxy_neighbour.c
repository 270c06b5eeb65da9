/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_proxy_neighbour.c - the host answers (proxy ARP, NDP) on a bridge for a guest that is not on it. */
#include "plan/op/op_kind.h"

const struct vnm_op_kind vnm_op_kind_proxy_neighbour = {
	.name = "proxy",
	.fields = {
		REQ("dev", STRING, proxy_neighbour.dev),
		REQ("addr", ADDR, proxy_neighbour.addr),
	},
	.describe = { "{addr} answered for on {dev}" },
	.apply = { "ip neighbour add proxy {addr} dev {dev}\n" },
	.revert = { "ip neighbour del proxy {addr} dev {dev}\n" },
};
