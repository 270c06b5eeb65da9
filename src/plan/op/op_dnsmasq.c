/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_dnsmasq.c - the dnsmasq of a network. */
#include "plan/op/op_kind.h"

const struct vnm_op_kind vnm_op_kind_dnsmasq = {
	.name = "dnsmasq",
	.fields = {
		REQ("dir", STRING, dnsmasq.dir),
		REQ("program", STRING, dnsmasq.program),
		OPT("lease-file", STRING, dnsmasq.lease_file),
		OPT("bridge", STRING, dnsmasq.bridge),
		OPT("bridge-only", BOOL, dnsmasq.bridge_only),
		OPT("device", STRING, dnsmasq.device),
		OPT("single-uid", BOOL, dnsmasq.single_uid),
	},
	.describe = { "dnsmasq" },
	.apply = { "{program} --keep-in-foreground --conf-file={dir}/dnsmasq.conf &"
		   "[ # its sockets are bound to {device}]\n" },
	.revert = { "stop {program} --conf-file={dir}/dnsmasq.conf\n" },
	.flags = VNM_OPF_SINGLE | VNM_OPF_PREPARE_CHANGE,
};
