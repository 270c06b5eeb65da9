/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_dhcp.c - a DHCP client in a guest's network namespace. */
#include "plan/op/op_kind.h"

const struct vnm_op_kind vnm_op_kind_dhcp = {
	.name = "dhcp",
	.fields = {
		REQ("dir", STRING, dhcp.dir),
		REQ("name", STRING, dhcp.name),
		REQ("program", STRING, dhcp.program),
		REQ("dev", STRING, dhcp.dev),
		OPT("hostname", STRING, dhcp.hostname),
		OPT("resolv", STRING, dhcp.resolv),
		OPT("gateway", BOOL, dhcp.gateway),
		OPT("isolated", BOOL, dhcp.isolated),
		NETNS(dhcp.ns),
	},
	.describe = { "DHCP client for {dev} in {netns}" },
	.apply = { "nsenter --net={netns} {program} -i {dev} &\n" },
	.revert = { "stop {program} -i {dev} in {netns}\n" },
	.flags = VNM_OPF_GONE_WITH_NETWORK,
};
