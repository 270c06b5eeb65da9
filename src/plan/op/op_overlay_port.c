/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_overlay_port.c - a VXLAN device on the bridge of its network, and up. */
#include <string.h>

#include "plan/op/op_kind.h"

static void print_port(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	const struct vnm_op_overlay_port *port = &op->overlay_port;

	if (revert) {
		vnm_buf_printf(out, "ip link set dev %s down\nip link set dev %s nomaster\n",
			       port->dev, port->dev);
		return;
	}
	vnm_buf_printf(out, "ip link set dev %s master %s\n", port->dev, port->bridge);
	vnm_buf_printf(out, "bridge link set dev %s root_block on%s%s\n", port->dev,
		       port->told ? " learning off neigh_suppress on" : "",
		       port->isolated ? " isolated on" : "");
	vnm_buf_printf(out, "ip link set dev %s up\n", port->dev);
}

static bool same_port(const struct vnm_op *a, const struct vnm_op *b)
{
	return !strcmp(a->overlay_port.dev, b->overlay_port.dev) &&
	       !strcmp(a->overlay_port.bridge, b->overlay_port.bridge);
}

const struct vnm_op_kind vnm_op_kind_overlay_port = {
	.name = "overlay-port",
	.fields = {
		REQ("dev", STRING, overlay_port.dev),
		REQ("bridge", STRING, overlay_port.bridge),
		OPT("isolated", BOOL, overlay_port.isolated),
		OPT("told", BOOL, overlay_port.told),
	},
	.describe = { "{dev} on bridge {bridge}" },
	.apply = { .print = print_port },
	.revert = { .print = print_port },
	.same = same_port,
	.flags = VNM_OPF_GONE_WITH_BRIDGE | VNM_OPF_GUARDED_BY_RULES,
};
