/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_require_device.c - a device of the host must be there; nothing is changed. */
#include "plan/op/op_kind.h"

static void describe_device(const struct vnm_op *op, struct vnm_buf *out)
{
	vnm_buf_printf(out, "%s %s", op->require_device.bridge ? "bridge" : "device",
		       op->require_device.name);
}

static void device_commands(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	if (!revert)
		vnm_buf_printf(out, "ip link show dev %s%s\n", op->require_device.name,
			       op->require_device.bridge ? " type bridge" : "");
}

const struct vnm_op_kind vnm_op_kind_require_device = {
	.name = "use-device",
	.fields = {
		REQ("name", STRING, require_device.name),
		OPT("bridge", BOOL, require_device.bridge),
	},
	.describe = describe_device,
	.commands = device_commands,
	.device = AT(require_device.name),
};
