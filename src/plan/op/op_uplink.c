/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_uplink.c - a device of the host becomes a port of our bridge, which takes over its addresses and routes. */
#include <string.h>

#include "plan/op/op_kind.h"
#include "plan/op/port_vlans_print.h"

static size_t count_items(const char *list)
{
	size_t n = list && *list ? 1 : 0;

	for (; list && *list; list++)
		n += *list == ',';
	return n;
}

static void print_uplink(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	const struct vnm_op_uplink *uplink = &op->uplink;
	const char *from = revert ? uplink->bridge : uplink->dev;
	const char *to = revert ? uplink->dev : uplink->bridge;

	vnm_buf_printf(out, "# addresses of %s to %s: %zu; routes: %zu; all at once with:\n", from,
		       to, count_items(uplink->addresses), count_items(uplink->routes));
	if (revert)
		vnm_buf_printf(out, "ip link set dev %s nomaster\n", uplink->dev);
	else
		vnm_buf_printf(out, "ip link set dev %s master %s\n", uplink->dev, uplink->bridge);
	if (!revert)
		vnm_port_vlans_print(uplink->dev, uplink->vlans, out);
}

static bool same_uplink(const struct vnm_op *a, const struct vnm_op *b)
{
	return !strcmp(a->uplink.dev, b->uplink.dev);
}

const struct vnm_op_kind vnm_op_kind_uplink = {
	.name = "uplink",
	.fields = {
		REQ("bridge", STRING, uplink.bridge),
		REQ("dev", STRING, uplink.dev),
		REQ("mac", MAC, uplink.mac),
		OPT("since", U32, uplink.since),
		OPT("global", BOOL, uplink.global),
		OPT("addresses", STRING, uplink.addresses),
		OPT("routes", STRING, uplink.routes),
		OPT("neighbours", STRING, uplink.neighbours),
		OPT("vlans", STRING, uplink.vlans),
	},
	.describe = { "uplink {dev} on {bridge}" },
	.apply = { .print = print_uplink },
	.revert = { .print = print_uplink },
	.same = same_uplink,
};
