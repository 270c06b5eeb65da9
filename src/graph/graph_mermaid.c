/* SPDX-License-Identifier: GPL-2.0-or-later */
/* graph_mermaid.c - the picture in the language of Mermaid, which web pages of forges draw. */
#include "graph/graph_mermaid.h"

#include <string.h>

#include "graph/graph_shared.h"
#include "graph/graph_words.h"

static const char *const classes[VNM_GRAPH_HEALTH_COUNT] = {
	[VNM_GRAPH_HEALTHY] = "healthy",
	[VNM_GRAPH_INACTIVE] = "inactive",
	[VNM_GRAPH_DEGRADED] = "degraded",
};

/* Inside double quotes, Mermaid knows no backslash but entities, "#" in place of "&"; the result goes through HTML. */
static void add_text(const char *text, struct vnm_buf *out)
{
	for (; *text; text++) {
		if (strchr("\"#&<>`\\", *text))
			vnm_buf_printf(out, "#%d;", *text);
		else
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
		vnm_buf_printf(out, "    n%zu --- n%zug%zu[\"", at, at, i);
		add_text(guest->name, out);
		if (guest->addresses) {
			vnm_buf_add(out, "<br/>");
			add_text(guest->addresses, out);
		}
		vnm_buf_printf(out, "\"]:::%s\n", classes[guest->health]);
	}
}

static void draw_network(const struct vnm_graph_network *net, size_t at, struct vnm_buf *out)
{
	vnm_autobuf struct vnm_buf title = { 0 };

	vnm_graph_title(net, &title);
	vnm_buf_printf(out, "  subgraph s%zu [\"", at);
	add_text(net->name, out);
	vnm_buf_printf(out, "\"]\n    n%zu([\"", at);
	add_text(vnm_buf_str(&title), out);
	for (size_t i = 0; i < net->faults.n; i++) {
		vnm_buf_add(out, "<br/>! ");
		add_text(net->faults.items[i], out);
	}
	vnm_buf_printf(out, "\"]):::%s\n", classes[net->health]);
	draw_guests(net, at, out);
	vnm_buf_add(out, "  end\n");
}

static void draw_shared(const struct vnm_graph *graph, size_t at, struct vnm_buf *out)
{
	const struct vnm_graph_shared *shared = &graph->shared[at];

	vnm_buf_printf(out, "  r%zu[\"", at);
	add_text(vnm_graph_place_guest(graph, &shared->places[0])->name, out);
	vnm_buf_printf(out, "\"]:::%s\n", classes[vnm_graph_shared_health(graph, shared)]);
	for (size_t i = 0; i < shared->n; i++) {
		const struct vnm_graph_guest *guest =
			vnm_graph_place_guest(graph, &shared->places[i]);

		vnm_buf_printf(out, "  n%zu ---", shared->places[i].network);
		if (guest->addresses) {
			vnm_buf_add(out, "|\"");
			add_text(guest->addresses, out);
			vnm_buf_add(out, "\"|");
		}
		vnm_buf_printf(out, " r%zu\n", at);
	}
}

static void draw_ways(const struct vnm_graph_network *net, size_t at, struct vnm_buf *out)
{
	static const char *const arrows[] = {
		[VNM_GRAPH_OUT] = "-->",
		[VNM_GRAPH_BOTH] = "<-->",
		[VNM_GRAPH_OPEN] = "<-.->",
	};

	if (net->host)
		vnm_buf_printf(out, "  n%zu <--> host\n", at);
	if (net->outside != VNM_GRAPH_NONE) {
		vnm_buf_printf(out, "  n%zu %s|\"", at, arrows[net->outside]);
		add_text(vnm_graph_way_label(net), out);
		if (net->device) {
			vnm_buf_add(out, " by ");
			add_text(net->device, out);
		}
		vnm_buf_add(out, "\"| outside\n");
	}
	for (size_t i = 0; i < net->n_forwards; i++) {
		vnm_buf_add(out, "  outside -->|\"");
		add_text(net->forwards[i].from, out);
		vnm_buf_add(out, " to ");
		add_text(net->forwards[i].to, out);
		vnm_buf_printf(out, "\"| n%zu\n", at);
	}
}

/**
 * vnm_graph_mermaid() - the picture in the language of Mermaid
 * @graph: what it shows
 * @out:   gets it
 */
void vnm_graph_mermaid(const struct vnm_graph *graph, struct vnm_buf *out)
{
	vnm_buf_add(out, "flowchart RL\n  outside((\"outside\"))\n  host[\"host ");
	add_text(graph->host, out);
	vnm_buf_add(out, "\"]\n");
	for (size_t i = 0; i < graph->n; i++)
		draw_network(&graph->networks[i], i, out);
	for (size_t i = 0; i < graph->n_shared; i++)
		draw_shared(graph, i, out);
	for (size_t i = 0; i < graph->n; i++)
		draw_ways(&graph->networks[i], i, out);
	vnm_buf_add(out, "  classDef healthy stroke:#2e7d32\n"
			 "  classDef inactive stroke:#9e9e9e,color:#9e9e9e\n"
			 "  classDef degraded stroke:#c62828,stroke-width:3px\n");
}
