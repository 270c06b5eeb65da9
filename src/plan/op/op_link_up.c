/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_link_up.c - a device is up. Reverting it sets a bridge down. */
#include "plan/op/op_kind.h"

const struct vnm_op_kind vnm_op_kind_link_up = {
	.name = "link-up",
	.fields = {
		REQ("dev", STRING, link_up.dev),
		NETNS(link_up.ns),
	},
	.describe = { "link {dev} up" },
	.apply = { "ip link set dev {dev} up\n" },
	.revert = { "ip link set dev {dev} down\n" },
	.flags = VNM_OPF_GONE_WITH_BRIDGE | VNM_OPF_GONE_WITH_NETWORK,
	.netns = AT(link_up.ns),
};
