/* SPDX-License-Identifier: GPL-2.0-or-later */
/* graph_words.c - the words that all pictures share. */
#include "graph/graph_words.h"

/** vnm_graph_title() - the line below a network's name: "NAT, 192.0.2.0/24, bridge virbr0, active" */
void vnm_graph_title(const struct vnm_graph_network *net, struct vnm_buf *out)
{
	vnm_buf_add(out, net->kind);
	for (size_t i = 0; i < net->subnets.n; i++)
		vnm_buf_printf(out, ", %s", net->subnets.items[i]);
	if (net->bridge)
		vnm_buf_printf(out, ", bridge %s", net->bridge);
	vnm_buf_printf(out, ", %s", net->state);
}

static void add_outside(const struct vnm_graph_network *net, struct vnm_buf *out)
{
	static const char *const words[][2] = {
		[VNM_GRAPH_NONE] = { "", "" },
		[VNM_GRAPH_OUT] = { ", the outside", " with the host's address" },
		[VNM_GRAPH_BOTH] = { ", the outside", ", and are reached from there" },
		[VNM_GRAPH_OPEN] = { ", what the host's own firewall allows", "" },
	};

	vnm_buf_add(out, words[net->outside][0]);
	if (net->device && net->outside != VNM_GRAPH_NONE)
		vnm_buf_printf(out, " by %s", net->device);
	vnm_buf_add(out, words[net->outside][1]);
}

/** vnm_graph_reach() - whom the guests reach */
void vnm_graph_reach(const struct vnm_graph_network *net, struct vnm_buf *out)
{
	vnm_buf_printf(out, "guests reach each other%s", net->host ? ", the host" : "");
	for (size_t i = 0; i < net->allows.n; i++)
		vnm_buf_printf(out, ", %s", net->allows.items[i]);
	add_outside(net, out);
}

/** vnm_graph_way_label() - what is written at the line between a network and the outside */
const char *vnm_graph_way_label(const struct vnm_graph_network *net)
{
	return net->outside == VNM_GRAPH_OPEN ? "open" : net->kind;
}
