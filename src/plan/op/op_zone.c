/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_zone.c - our bridge in a zone of firewalld. */
#include "plan/op/op_kind.h"

const struct vnm_op_kind vnm_op_kind_zone = {
	.name = "zone",
	.fields = {
		REQ("dev", STRING, zone.dev),
		REQ("zone", STRING, zone.zone),
		REQ("network", STRING, zone.network),
		OPT("mac", MAC, zone.mac),
		OPT("default", BOOL, zone.by_default),
	},
	.describe = { "device {dev} in firewalld's zone {zone}" },
	.apply = { "firewall-cmd --zone={zone} --change-interface={dev}\n" },
	.revert = { "firewall-cmd --zone={zone} --remove-interface={dev}\n" },
	.flags = VNM_OPF_SINGLE | VNM_OPF_PREPARE_CHANGE,
};
