/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_ovs_port.c - a device on a switch of Open vSwitch, and up. */
#include <stdlib.h>
#include <string.h>

#include "model/enums.h"
#include "plan/op/op_kind.h"
#include "plan/op/ovs_words.h"
#include "util/mem.h"

static void print_words(const char *const *words, struct vnm_buf *out)
{
	vnm_buf_add(out, "ovs-vsctl");
	for (; *words; words++)
		vnm_buf_printf(out, strchr(*words, '"') ? " '%s'" : " %s", *words);
	vnm_buf_addc(out, '\n');
}

static void print_ovs_port(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	const struct vnm_op_ovs_port *port = &op->ovs_port;
	struct vnm_ovs_words words vnm_autowords = { 0 };

	if (revert)
		vnm_ovs_words_del(port, &words);
	else
		vnm_ovs_words_add(port, &words);
	print_words((const char *const *)words.items, out);
	if (!port->was_up)
		vnm_buf_printf(out, "ip link set dev %s %s\n", port->dev, revert ? "down" : "up");
}

static bool same_ovs_port(const struct vnm_op *a, const struct vnm_op *b)
{
	return !strcmp(a->ovs_port.dev, b->ovs_port.dev) &&
	       !strcmp(a->ovs_port.bridge, b->ovs_port.bridge);
}

const struct vnm_op_kind vnm_op_kind_ovs_port = {
	.name = "ovs-port",
	.fields = {
		REQ("dev", STRING, ovs_port.dev),
		REQ("bridge", STRING, ovs_port.bridge),
		OPT("tag", U16, ovs_port.tag),
		OPT("trunks", STRING, ovs_port.trunks),
		OPT_ENUM("native", ovs_port.native, &vnm_enum_native_mode),
		OPT("mac", MAC, ovs_port.mac),
		REQ("interface", STRING, ovs_port.interface),
		OPT("profile", STRING, ovs_port.profile),
		OPT("was-up", BOOL, ovs_port.was_up),
	},
	.describe = { "{dev} on switch {bridge}" },
	.apply = { .print = print_ovs_port },
	.revert = { .print = print_ovs_port },
	.same = same_ovs_port,
	.flags = VNM_OPF_GONE_WITH_NETWORK,
};
