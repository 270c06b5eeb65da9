/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_zone.c - our bridge in a zone of firewalld. */
#include "plan/op/op_kind.h"

static void describe_zone(const struct vnm_op *op, struct vnm_buf *out)
{
	vnm_buf_printf(out, "device %s in firewalld's zone %s", op->zone.dev, op->zone.zone);
}

static void zone_commands(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	vnm_buf_printf(out, "firewall-cmd --zone=%s --%s-interface=%s\n", op->zone.zone,
		       revert ? "remove" : "change", op->zone.dev);
}

const struct vnm_op_kind vnm_op_kind_zone = {
	.name = "zone",
	.fields = {
		REQ("dev", STRING, zone.dev),
		REQ("zone", STRING, zone.zone),
		REQ("network", STRING, zone.network),
		OPT("mac", MAC, zone.mac),
		OPT("default", BOOL, zone.by_default),
	},
	.describe = describe_zone,
	.commands = zone_commands,
	.flags = VNM_OPF_SINGLE | VNM_OPF_PREPARE_CHANGE,
};
