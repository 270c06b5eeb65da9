/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_ct_zone.c - connections of a network in a VRF, apart from others of the same addresses; see sys/firewall/ct_zone.c. */
#include "plan/op/op_kind.h"
#include "util/mem.h"

/* The rules are those of the kernel's own language; "nft list ruleset" has them. */
static void print_zone(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	const struct vnm_op_ct_zone *zone = &op->ct_zone;
	static const char *const families[] = { "ip", "ip6" };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(families); i++)
		vnm_buf_printf(out, "nft %s table %s " VNM_CT_ZONE_TABLE "\n",
			       revert ? "delete" : "add", families[i], zone->bridge);
	if (revert)
		return;
	vnm_buf_printf(out, "# nft: connections from %s by %s are in zone %u\n", zone->subnets,
		       zone->bridge, zone->zone);
	if (zone->device)
		vnm_buf_printf(out, "# nft: those to %s by %s, too\n", zone->entered, zone->device);
	if (*zone->marked)
		vnm_buf_printf(out, "# nft: answers to those from %s have the mark 0x%x\n",
			       zone->marked, zone->mark);
}

const struct vnm_op_kind vnm_op_kind_ct_zone = {
	.name = "ct-zone",
	.fields = {
		REQ("bridge", STRING, ct_zone.bridge),
		REQ("subnets", STRING, ct_zone.subnets),
		REQ("marked", STRING, ct_zone.marked),
		REQ("zone", U16, ct_zone.zone),
		REQ("mark", U32, ct_zone.mark),
		OPT("device", STRING, ct_zone.device),
		OPT("entered", STRING, ct_zone.entered),
	},
	.describe = { "connection tracking zone {zone} of {bridge}" },
	.apply = { .print = print_zone },
	.revert = { .print = print_zone },
	.flags = VNM_OPF_SINGLE,
};
