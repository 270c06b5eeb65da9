/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_require_device.c - a device of the host must be there; nothing is changed. */
#include "plan/op/op_kind.h"

const struct vnm_op_kind vnm_op_kind_require_device = {
	.name = "use-device",
	.fields = {
		REQ("name", STRING, require_device.name),
		OPT("bridge", BOOL, require_device.bridge),
		OPT("vlan-filtering", BOOL, require_device.vlan_filtering),
		OPT("openvswitch", BOOL, require_device.ovs),
	},
	.describe = { "{bridge?bridge:device} {name}" },
	.apply = { "{openvswitch?ovs-vsctl br-exists :ip link show dev }{name}"
		   "{bridge? type bridge:}\n" },
	.revert = { "" },
	.device = AT(require_device.name),
};
