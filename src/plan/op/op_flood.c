/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_flood.c - a host to which a VXLAN device sends frames for everybody and nobody. */
#include "plan/op/op_kind.h"

const struct vnm_op_kind vnm_op_kind_flood = {
	.name = "flood",
	.fields = {
		REQ("dev", STRING, flood.dev),
		REQ("peer", ADDR, flood.peer),
	},
	.describe = { "host {peer} of {dev}" },
	.apply = { "bridge fdb append 00:00:00:00:00:00 dev {dev} dst {peer} self permanent\n" },
	.revert = { "bridge fdb del 00:00:00:00:00:00 dev {dev} dst {peer} self\n" },
};
