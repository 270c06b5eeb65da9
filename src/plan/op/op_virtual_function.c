/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_virtual_function.c - MAC address and VLAN of a virtual function that a guest has, as its device is told of them. */
#include <string.h>

#include "plan/op/op_kind.h"

static void print_function(const struct vnm_op *whole, bool revert, struct vnm_buf *out)
{
	const struct vnm_op_virtual_function *op = &whole->virtual_function;
	const struct vnm_mac *mac = revert ? &op->old_mac : &op->mac;
	char text[VNM_MAC_STRLEN];

	if (mac->set)
		vnm_buf_printf(out, "ip link set dev %s vf %u mac %s\n", op->dev, op->number.v,
			       vnm_mac_format(mac, text));
	if (op->vlan || op->old_vlan)
		vnm_buf_printf(out, "ip link set dev %s vf %u vlan %u\n", op->dev, op->number.v,
			       revert ? op->old_vlan : op->vlan);
}

static bool same_function(const struct vnm_op *a, const struct vnm_op *b)
{
	return !strcmp(a->virtual_function.address, b->virtual_function.address);
}

const struct vnm_op_kind vnm_op_kind_virtual_function = {
	.name = "virtual-function",
	.fields = {
		REQ("address", STRING, virtual_function.address),
		REQ("dev", STRING, virtual_function.dev),
		REQ("number", UINT, virtual_function.number),
		REQ("mac", MAC, virtual_function.mac),
		OPT("vlan", U16, virtual_function.vlan),
		REQ("old-mac", MAC, virtual_function.old_mac),
		OPT("old-vlan", U16, virtual_function.old_vlan),
	},
	.describe = { "virtual function {address} of {dev}" },
	.apply = { .print = print_function },
	.revert = { .print = print_function },
	.same = same_function,
};
