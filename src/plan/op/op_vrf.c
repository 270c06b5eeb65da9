/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_vrf.c - the routing domain of networks: a device of the kind vrf. */
#include "plan/op/op_kind.h"

static void print_vrf(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	const struct vnm_op_vrf *vrf = &op->vrf;

	if (revert) {
		vnm_buf_printf(out, "ip link del %s # if nothing is in it\n", vrf->name);
		return;
	}
	vnm_buf_printf(out, "ip link add %s up group 0x%x type vrf table %u\n", vrf->name,
		       VNM_GROUP_BASE | VNM_GROUP_VRF, vrf->table);
}

const struct vnm_op_kind vnm_op_kind_vrf = {
	.name = "vrf",
	.fields = {
		REQ("name", STRING, vrf.name),
		REQ("table", U32, vrf.table),
	},
	.describe = { "VRF {name}" },
	.apply = { .print = print_vrf },
	.revert = { .print = print_vrf },
	.flags = VNM_OPF_SINGLE | VNM_OPF_PREPARE_CHANGE,
	.device = AT(vrf.name),
};
