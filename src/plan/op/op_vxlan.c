/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_vxlan.c - the device by which frames of a network go to other hosts. */
#include "plan/op/op_kind.h"

const struct vnm_op_kind vnm_op_kind_vxlan = {
	.name = "vxlan",
	.fields = {
		REQ("name", STRING, vxlan.name),
		REQ("vni", U32, vxlan.vni),
		REQ("local", ADDR, vxlan.local),
		REQ("port", U16, vxlan.port),
		OPT("link", STRING, vxlan.link),
		OPT("mtu", U32, vxlan.mtu),
		OPT("told", BOOL, vxlan.told),
	},
	.describe = { "VXLAN device {name}" },
	.apply = { "ip link add {name}[ mtu {mtu}] type vxlan id {vni} local "
		   "{local} dstport {port}[ dev {link}]"
		   "{told? nolearning:}\n" },
	.revert = { "ip link del dev {name}\n" },
	.flags = VNM_OPF_SINGLE | VNM_OPF_GUARDED_BY_RULES,
	.device = AT(vxlan.name),
};
