/* SPDX-License-Identifier: GPL-2.0-or-later */
/* graph_tree.c - the picture for a terminal: the host, its networks, their guests, each a level further in. */
#include "graph/graph_tree.h"

#include <string.h>

#include "graph/graph_shared.h"
#include "graph/graph_words.h"

static const char *const marks[VNM_GRAPH_HEALTH_COUNT] = {
	[VNM_GRAPH_DEGRADED] = "! ",
};

static const char *mark(enum vnm_graph_health health)
{
	return marks[health] ? marks[health] : "";
}

/* A line below a network, which is the last one of the host or not. */
static void begin(bool last, const char *sign, struct vnm_buf *out)
{
	vnm_buf_printf(out, "%s%s", last ? "    " : "|   ", sign);
}

static void draw_guest(const struct vnm_graph *graph, const struct vnm_graph_guest *guest,
		       bool last, struct vnm_buf *out)
{
	begin(last, "+-- ", out);
	vnm_buf_printf(out, "%s%s", mark(guest->health), guest->name);
	if (guest->addresses)
		vnm_buf_printf(out, " %s", guest->addresses);
	vnm_graph_shared_words(graph, guest, out);
	if (guest->health != VNM_GRAPH_HEALTHY)
		vnm_buf_printf(out, " (%s)", guest->state);
	vnm_buf_addc(out, '\n');
}

static void draw_forward(const struct vnm_graph_forward *forward, bool last, struct vnm_buf *out)
{
	begin(last, "+-> ", out);
	vnm_buf_printf(out, "%s%s to %s\n", mark(forward->health), forward->from, forward->to);
}

static void draw_network(const struct vnm_graph *graph, const struct vnm_graph_network *net,
			 bool last, struct vnm_buf *out)
{
	vnm_buf_printf(out, "+-- %s%s: ", mark(net->health), net->name);
	vnm_graph_title(net, out);
	vnm_buf_addc(out, '\n');
	begin(last, "|   ", out);
	vnm_graph_reach(net, out);
	vnm_buf_addc(out, '\n');
	for (size_t i = 0; i < net->faults.n; i++) {
		begin(last, "|   ! ", out);
		vnm_buf_printf(out, "%s\n", net->faults.items[i]);
	}
	for (size_t i = 0; i < net->n_forwards; i++)
		draw_forward(&net->forwards[i], last, out);
	for (size_t i = 0; i < net->n_guests; i++)
		draw_guest(graph, &net->guests[i], last, out);
}

/**
 * vnm_graph_tree() - the picture for a terminal
 * @graph: what it shows
 * @out:   gets it
 */
void vnm_graph_tree(const struct vnm_graph *graph, struct vnm_buf *out)
{
	vnm_buf_printf(out, "host %s\n", graph->host);
	for (size_t i = 0; i < graph->n; i++)
		draw_network(graph, &graph->networks[i], i + 1 == graph->n, out);
}
