/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_nameserver.c - the servers of the network's domain, registered with systemd-resolved. */
#include "plan/op/op_kind.h"

const struct vnm_op_kind vnm_op_kind_nameserver = {
	.name = "nameserver",
	.fields = {
		REQ("dev", STRING, nameserver.dev),
		REQ("domain", STRING, nameserver.domain),
		REQ("addr", ADDR, nameserver.addr),
		OPT("mac", MAC, nameserver.mac),
	},
	.describe = { "registration of domain {domain} with systemd-resolved" },
	.apply = { "resolvectl domain {dev} '~{domain}'\n"
		   "resolvectl dns {dev} {addr}\n" },
	.revert = { "resolvectl revert {dev}\n" },
	.flags = VNM_OPF_SINGLE | VNM_OPF_GONE_WITH_BRIDGE,
};
