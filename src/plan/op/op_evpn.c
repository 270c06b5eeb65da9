/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_evpn.c - by which BGP the hosts of an overlay find each other: a part of FRR's configuration, which networks share. */
#include <string.h>

#include "plan/frr_text.h"
#include "plan/op/op_kind.h"

static void print_evpn(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	vnm_autobuf struct vnm_buf text = { 0 };
	const char *conf = op->evpn.conf ? op->evpn.conf : VNM_FRR_CONF;

	if (revert) {
		vnm_buf_printf(
			out,
			"# with the last network that needs it: our part of %s/frr.conf, and "
			"\"vtysh -f\" with what takes it back\n",
			conf);
		return;
	}
	vnm_frr_fragment(&op->evpn, false, &text);
	vnm_buf_printf(out, "# our part of %s/frr.conf, and \"vtysh -f\" with it:\n", conf);
	for (const char *at = text.data, *end; at && *at; at = end + 1) {
		end = strchrnul(at, '\n');
		vnm_buf_printf(out, "#   %.*s\n", (int)(end - at), at);
	}
}

const struct vnm_op_kind vnm_op_kind_evpn = {
	.name = "evpn",
	.fields = {
		REQ("network", STRING, evpn.network),
		REQ("asn", U32, evpn.asn),
		REQ("local", ADDR, evpn.local),
		REQ("listen", PREFIX, evpn.listen),
		OPT("reflector", ADDR, evpn.reflector),
		OPT("reflector2", ADDR, evpn.reflector2),
		OPT("index", U32, evpn.index),
		OPT("password", STRING, evpn.password),
		OPT("bfd", BOOL, evpn.bfd),
		OPT("conf", STRING, evpn.conf),
		OPT("sockets", STRING, evpn.sockets),
	},
	.describe = { "EVPN by FRR (AS {asn})" },
	.apply = { .print = print_evpn },
	.revert = { .print = print_evpn },
	.flags = VNM_OPF_SINGLE,
};
