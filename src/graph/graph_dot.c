/* SPDX-License-Identifier: GPL-2.0-or-later */
/* graph_dot.c - the picture in the language of Graphviz. */
#include "graph/graph_dot.h"

#include "graph/graph_shared.h"
#include "graph/graph_words.h"

static const char *const colours[VNM_GRAPH_HEALTH_COUNT] = {
	[VNM_GRAPH_HEALTHY] = "#2e7d32",
	[VNM_GRAPH_INACTIVE] = "#9e9e9e",
	[VNM_GRAPH_DEGRADED] = "#c62828",
};

static void add_text(const char *text, struct vnm_buf *out)
{
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			vnm_buf_addc(out, '\\');
		vnm_buf_addc(out, *text);
	}
}

/* Those on several networks belong to none of them: draw_shared(). */
static void draw_guests(const struct vnm_graph_network *net, size_t at, struct vnm_buf *out)
{
	for (size_t i = 0; i < net->n_guests; i++) {
		const struct vnm_graph_guest *guest = &net->guests[i];

		if (guest->shared)
			continue;
		vnm_buf_printf(out, "\t\tn%zug%zu [label=\"", at, i);
		add_text(guest->name, out);
		if (guest->addresses) {
			vnm_buf_add(out, "\\n");
			add_text(guest->addresses, out);
		}
		vnm_buf_printf(out, "\", color=\"%s\"];\n", colours[guest->health]);
		vnm_buf_printf(out, "\t\tn%zu -> n%zug%zu [dir=none];\n", at, at, i);
	}
}

static void draw_network(const struct vnm_graph_network *net, size_t at, struct vnm_buf *out)
{
	vnm_autobuf struct vnm_buf title = { 0 };

	vnm_graph_title(net, &title);
	vnm_buf_printf(out, "\tsubgraph cluster%zu {\n\t\tlabel=\"", at);
	add_text(net->name, out);
	vnm_buf_printf(out, "\"; color=\"%s\";\n\t\tn%zu [shape=ellipse, label=\"",
		       colours[net->health], at);
	add_text(vnm_buf_str(&title), out);
	for (size_t i = 0; i < net->faults.n; i++) {
		vnm_buf_add(out, "\\n! ");
		add_text(net->faults.items[i], out);
	}
	vnm_buf_printf(out, "\", color=\"%s\"];\n", colours[net->health]);
	draw_guests(net, at, out);
	vnm_buf_add(out, "\t}\n");
}

static void draw_shared(const struct vnm_graph *graph, size_t at, struct vnm_buf *out)
{
	const struct vnm_graph_shared *shared = &graph->shared[at];

	vnm_buf_printf(out, "\tr%zu [label=\"", at);
	add_text(vnm_graph_place_guest(graph, &shared->places[0])->name, out);
	vnm_buf_printf(out, "\", color=\"%s\"];\n",
		       colours[vnm_graph_shared_health(graph, shared)]);
	for (size_t i = 0; i < shared->n; i++) {
		const struct vnm_graph_guest *guest =
			vnm_graph_place_guest(graph, &shared->places[i]);

		vnm_buf_printf(out, "\tn%zu -> r%zu [dir=none, color=\"%s\", label=\"",
			       shared->places[i].network, at, colours[guest->health]);
		add_text(guest->addresses ? guest->addresses : "", out);
		vnm_buf_add(out, "\"];\n");
	}
}

static void draw_ways(const struct vnm_graph_network *net, size_t at, struct vnm_buf *out)
{
	static const char *const arrows[] = {
		[VNM_GRAPH_OUT] = "forward",
		[VNM_GRAPH_BOTH] = "both",
		[VNM_GRAPH_OPEN] = "both, style=dashed",
	};

	if (net->host)
		vnm_buf_printf(out, "\tn%zu -> host [dir=both];\n", at);
	if (net->outside != VNM_GRAPH_NONE) {
		vnm_buf_printf(out, "\tn%zu -> outside [dir=%s, label=\"", at,
			       arrows[net->outside]);
		add_text(vnm_graph_way_label(net), out);
		if (net->device) {
			vnm_buf_add(out, " by ");
			add_text(net->device, out);
		}
		vnm_buf_add(out, "\"];\n");
	}
	for (size_t i = 0; i < net->n_forwards; i++) {
		const struct vnm_graph_forward *forward = &net->forwards[i];

		vnm_buf_printf(out, "\toutside -> n%zu [color=\"%s\", label=\"", at,
			       colours[forward->health]);
		add_text(forward->from, out);
		vnm_buf_add(out, " to ");
		add_text(forward->to, out);
		vnm_buf_add(out, "\"];\n");
	}
}

/**
 * vnm_graph_dot() - the picture in the language of Graphviz
 * @graph: what it shows
 * @out:   gets it
 */
void vnm_graph_dot(const struct vnm_graph *graph, struct vnm_buf *out)
{
	vnm_buf_add(
		out,
		"digraph vnetmgr {\n\trankdir=RL;\n\tnode [shape=box, fontname=\"sans-serif\"];\n"
		"\tedge [fontname=\"sans-serif\", fontsize=10];\n"
		"\toutside [shape=ellipse];\n\thost [label=\"host ");
	add_text(graph->host, out);
	vnm_buf_add(out, "\"];\n");
	for (size_t i = 0; i < graph->n; i++)
		draw_network(&graph->networks[i], i, out);
	for (size_t i = 0; i < graph->n_shared; i++)
		draw_shared(graph, i, out);
	for (size_t i = 0; i < graph->n; i++)
		draw_ways(&graph->networks[i], i, out);
	vnm_buf_add(out, "}\n");
}
