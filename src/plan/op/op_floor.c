/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_floor.c - the guaranteed rate of one guest, within the inbound limit of its network. */
#include <inttypes.h>
#include <string.h>

#include "plan/op/op_kind.h"

static void print_floor_revert(const struct vnm_op *whole, bool revert, struct vnm_buf *out)
{
	const struct vnm_op_floor *op = &whole->floor;

	(void)revert;
	vnm_buf_printf(out,
		       "tc filter del dev %s parent %x: prio %u\n"
		       "tc class del dev %s classid %x:%x\n",
		       op->dev, op->handle, op->class_id, op->dev, op->handle, op->class_id);
}

static void print_floor(const struct vnm_op *whole, bool revert, struct vnm_buf *out)
{
	const struct vnm_op_floor *op = &whole->floor;
	const uint8_t *m = op->mac.b;

	(void)revert;
	vnm_buf_printf(out,
		       "tc class add dev %s parent %x:1 classid %x:%x htb rate %" PRIu64
		       "kbps ceil %" PRIu64 "kbps\n",
		       op->dev, op->handle, op->handle, op->class_id, op->rate, op->ceil);
	if (op->fair)
		vnm_buf_printf(out, "tc qdisc add dev %s parent %x:%x sfq perturb 10\n", op->dev,
			       op->handle, op->class_id);
	vnm_buf_printf(out,
		       "tc filter add dev %s parent %x: protocol all prio %u u32 "
		       "match u16 0x%02x%02x 0xffff at -14 match u32 0x%02x%02x%02x%02x 0xffffffff "
		       "at -12 flowid %x:%x\n",
		       op->dev, op->handle, op->class_id, m[0], m[1], m[2], m[3], m[4], m[5],
		       op->handle, op->class_id);
}

static bool same_floor(const struct vnm_op *a, const struct vnm_op *b)
{
	return a->floor.class_id == b->floor.class_id && !strcmp(a->floor.dev, b->floor.dev);
}

const struct vnm_op_kind vnm_op_kind_floor = {
	.name = "floor",
	.fields = {
		REQ("dev", STRING, floor.dev),
		REQ("mark", U16, floor.handle),
		REQ("class", U16, floor.class_id),
		REQ("mac", MAC, floor.mac),
		REQ("rate", U64, floor.rate),
		REQ("ceil", U64, floor.ceil),
		OPT("fair", BOOL, floor.fair),
	},
	.describe = { "floor of {rate} kilobytes a second for {mac} on {dev}" },
	.apply = { .print = print_floor },
	.revert = { .print = print_floor_revert },
	.same = same_floor,
	.flags = VNM_OPF_GONE_WITH_BRIDGE,
};
