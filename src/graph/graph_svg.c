/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * graph_svg.c - the picture as SVG.
 *
 * Theory of operation. On the left stand two bars as high as the picture, the outside and the host; on the right one card for
 * each network, one below the other, with its guests in rows. What may reach what are lines from a card to the left, each at a
 * height of its own, so that none crosses another: to the host, and through it to the outside. A guest on several networks has a
 * box on each, and a line that leads from below each box to the right of the cards, and there from one to the other. Nothing has
 * to be measured: a
 * text is cut to the number of characters that fit, and is whole in its <title>, which viewers show under the pointer.
 */
#include "graph/graph_svg.h"

#include <string.h>

#include "graph/graph_shared.h"
#include "graph/graph_words.h"

/* Pixels. */
enum {
	MARGIN = 20,
	OUTSIDE_LEFT = MARGIN,
	OUTSIDE_RIGHT = 110,
	HOST_LEFT = 230,
	HOST_RIGHT = 330,
	CARD_LEFT = 440,
	CARD_WIDTH = 740,
	PADDING = 12,
	HEADING = 66, /* of a card: name, title, whom guests reach */
	LINE = 18,
	GUEST_WIDTH = 173,
	GUEST_HEIGHT = 42,
	GAP = 8,
	IN_A_ROW = 4,
	FIRST_CARD = 40,
	LANE = 10, /* between vertical lines on the right of the cards */
	BELOW = 2, /* a guest's box: there its line leaves it, or that of the next guest, BESIDE lower */
	BESIDE = 3,
};

/* Characters that fit. */
enum { NAME_MAX_CHARS = 60, LINE_MAX = 112, GUEST_MAX = 24, LABEL_MAX = 17, BAR_MAX = 13 };

static const char *const classes[VNM_GRAPH_HEALTH_COUNT] = {
	[VNM_GRAPH_HEALTHY] = "healthy",
	[VNM_GRAPH_INACTIVE] = "inactive",
	[VNM_GRAPH_DEGRADED] = "degraded",
};

static const char style[] =
	"<style>\n"
	"text { font: 12px sans-serif; fill: #212121 }\n"
	".name { font-size: 16px; font-weight: bold }\n"
	".bar { fill: #eceff1; stroke: #90a4ae } .card { fill: #fafafa } .guest { fill: #ffffff }\n"
	".label, .small { font-size: 11px }\n"
	".label { text-anchor: middle } .small { fill: #546e7a }\n"
	".healthy { stroke: #2e7d32 } .inactive { stroke: #9e9e9e }\n"
	".degraded { stroke: #c62828; stroke-width: 3 } .fault { fill: #c62828 }\n"
	"line { stroke: #37474f; stroke-width: 1.5 } line.open { stroke-dasharray: 5 4 }\n"
	".way { stroke-width: 1.5; fill: none }\n"
	"line.degraded { stroke: #c62828 } line.inactive { stroke: #9e9e9e }\n"
	"</style>\n"
	"<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\"\n"
	"markerWidth=\"11\" markerHeight=\"11\" markerUnits=\"userSpaceOnUse\"\n"
	"orient=\"auto-start-reverse\">"
	"<path d=\"M0 0L8 4L0 8z\" fill=\"#37474f\"/></marker></defs>\n";

static void add_char(char c, struct vnm_buf *out)
{
	switch (c) {
	case '<': vnm_buf_add(out, "&lt;"); break;
	case '>': vnm_buf_add(out, "&gt;"); break;
	case '&': vnm_buf_add(out, "&amp;"); break;
	default: vnm_buf_addc(out, c);
	}
}

static bool continues(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Return: how many bytes the first @max characters take. */
static size_t bytes_of(const char *text, size_t max)
{
	size_t i = 0;

	for (size_t n = 0; text[i] && (n < max || continues(text[i])); i++)
		n += !continues(text[i + 1]);
	return i;
}

static size_t characters_of(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += !continues(*text);
	return n;
}

/* One that is too long loses its middle: beginnings and ends tell names apart. */
static void add_text(const char *text, size_t max, struct vnm_buf *out)
{
	size_t n = characters_of(text), kept = (max - 1) / 2;
	size_t len = bytes_of(text, n > max ? max - 1 - kept : n);

	for (size_t i = 0; i < len; i++)
		add_char(text[i], out);
	if (n <= max)
		return;
	vnm_buf_add(out, "\u2026");
	for (const char *end = text + bytes_of(text, n - kept); *end; end++)
		add_char(*end, out);
	vnm_buf_add(out, "<title>");
	for (; *text; text++)
		add_char(*text, out);
	vnm_buf_add(out, "</title>");
}

static void draw_text(int x, int y, const char *class, const char *text, size_t max,
		      struct vnm_buf *out)
{
	vnm_buf_printf(out, "<text x=\"%d\" y=\"%d\" class=\"%s\">", x, y, class);
	add_text(text, max, out);
	vnm_buf_add(out, "</text>\n");
}

static void draw_box(int x, int y, int width, int height, const char *class, const char *health,
		     struct vnm_buf *out)
{
	vnm_buf_printf(
		out,
		"<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"5\" class=\"%s %s\"/>\n",
		x, y, width, height, class, health);
}

/* Arrow tips: at the left end, at the right one, or at both. */
static void draw_line(int left, int right, int y, bool tip_left, bool tip_right, const char *class,
		      struct vnm_buf *out)
{
	vnm_buf_printf(out, "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" class=\"%s\"%s%s/>\n",
		       left, y, right, y, class, tip_left ? " marker-start=\"url(#tip)\"" : "",
		       tip_right ? " marker-end=\"url(#tip)\"" : "");
}

static int rows_of(const struct vnm_graph_network *net)
{
	return (int)((net->n_guests + IN_A_ROW - 1) / IN_A_ROW);
}

static int guests_top(const struct vnm_graph_network *net, int top)
{
	return top + HEADING + LINE * (int)(net->faults.n + net->n_forwards);
}

static int height_of(const struct vnm_graph_network *net)
{
	return guests_top(net, 0) + rows_of(net) * (GUEST_HEIGHT + GAP) + PADDING - GAP;
}

static void draw_outside(const struct vnm_graph_network *net, int y, struct vnm_buf *out)
{
	const char *class = net->outside == VNM_GRAPH_OPEN ? "open" : classes[net->health];
	bool in = net->outside != VNM_GRAPH_OUT;

	if (net->outside == VNM_GRAPH_NONE)
		return;
	draw_line(OUTSIDE_RIGHT, HOST_LEFT, y, true, in, class, out);
	draw_line(HOST_RIGHT, CARD_LEFT, y, !net->host, in, class, out);
	draw_text((HOST_RIGHT + CARD_LEFT) / 2, y - 5, "label", vnm_graph_way_label(net), LABEL_MAX,
		  out);
	if (net->device)
		draw_text((OUTSIDE_RIGHT + HOST_LEFT) / 2, y - 5, "label", net->device, LABEL_MAX,
			  out);
}

static void draw_ways(const struct vnm_graph_network *net, int top, struct vnm_buf *out)
{
	draw_outside(net, top + LINE + 4, out);
	if (net->host)
		draw_line(HOST_RIGHT, CARD_LEFT, top + 2 * LINE + 8, true, true,
			  classes[net->health], out);
}

static void draw_forward(const struct vnm_graph_forward *forward, int y, struct vnm_buf *out)
{
	vnm_autobuf struct vnm_buf text = { 0 };

	vnm_buf_printf(&text, "%s \u2192 %s", forward->from, forward->to);
	draw_line(OUTSIDE_RIGHT, HOST_LEFT, y - 4, false, false, classes[forward->health], out);
	draw_line(HOST_RIGHT, CARD_LEFT, y - 4, false, true, classes[forward->health], out);
	draw_text(CARD_LEFT + PADDING, y, forward->health == VNM_GRAPH_DEGRADED ? "fault" : "",
		  vnm_buf_str(&text), LINE_MAX, out);
}

static void draw_guest(const struct vnm_graph_guest *guest, int x, int y, struct vnm_buf *out)
{
	const char *second = guest->health == VNM_GRAPH_HEALTHY && guest->addresses
				     ? guest->addresses
				     : guest->state;

	draw_box(x, y, GUEST_WIDTH, GUEST_HEIGHT, "guest", classes[guest->health], out);
	draw_text(x + GAP, y + 17, "", guest->name, GUEST_MAX, out);
	draw_text(x + GAP, y + 34, guest->health == VNM_GRAPH_DEGRADED ? "small fault" : "small",
		  second, GUEST_MAX + 2, out);
}

static void draw_guests(const struct vnm_graph_network *net, int top, struct vnm_buf *out)
{
	for (size_t i = 0; i < net->n_guests; i++)
		draw_guest(&net->guests[i],
			   CARD_LEFT + PADDING + (int)(i % IN_A_ROW) * (GUEST_WIDTH + GAP),
			   top + (int)(i / IN_A_ROW) * (GUEST_HEIGHT + GAP), out);
}

static void draw_network(const struct vnm_graph_network *net, int top, struct vnm_buf *out)
{
	vnm_autobuf struct vnm_buf title = { 0 }, reach = { 0 };
	int x = CARD_LEFT + PADDING, y = top + HEADING + 4;

	vnm_graph_title(net, &title);
	vnm_graph_reach(net, &reach);
	draw_box(CARD_LEFT, top, CARD_WIDTH, height_of(net), "card", classes[net->health], out);
	draw_text(x, top + 22, "name", net->name, NAME_MAX_CHARS, out);
	draw_text(x, top + 41, "", vnm_buf_str(&title), LINE_MAX, out);
	draw_text(x, top + 57, "small", vnm_buf_str(&reach), LINE_MAX, out);
	for (size_t i = 0; i < net->faults.n; i++, y += LINE)
		draw_text(x, y + 4, "fault", net->faults.items[i], LINE_MAX, out);
	for (size_t i = 0; i < net->n_forwards; i++, y += LINE)
		draw_forward(&net->forwards[i], y + 4, out);
	draw_guests(net, guests_top(net, top), out);
	draw_ways(net, top, out);
}

static int top_of(const struct vnm_graph *graph, size_t network)
{
	int top = FIRST_CARD;

	for (size_t i = 0; i < network; i++)
		top += height_of(&graph->networks[i]) + MARGIN;
	return top;
}

/* From below its box to the right: between two rows there is nothing else. Return: at which height. */
static int draw_leg(const struct vnm_graph *graph, size_t at, const struct vnm_graph_place *place,
		    int right, struct vnm_buf *out)
{
	const char *class = classes[vnm_graph_shared_health(graph, &graph->shared[at])];
	const int row = (int)place->guest / IN_A_ROW, column = (int)place->guest % IN_A_ROW;
	const int x = CARD_LEFT + PADDING + column * (GUEST_WIDTH + GAP) + GUEST_WIDTH / 2;
	const int bottom =
		guests_top(&graph->networks[place->network], top_of(graph, place->network)) +
		row * (GUEST_HEIGHT + GAP) + GUEST_HEIGHT;
	const int y = bottom + BELOW + BESIDE * (int)(at % 2);

	vnm_buf_printf(out, "<path d=\"M%d %dV%dH%d\" class=\"way %s\"/>\n", x, bottom, y, right,
		       class);
	return y;
}

static void draw_shared(const struct vnm_graph *graph, size_t at, struct vnm_buf *out)
{
	const struct vnm_graph_shared *shared = &graph->shared[at];
	const char *class = classes[vnm_graph_shared_health(graph, shared)];
	const int x = CARD_LEFT + CARD_WIDTH + LANE * (int)(at + 1);
	int first = 0, last = 0;

	for (size_t i = 0; i < shared->n; i++) {
		last = draw_leg(graph, at, &shared->places[i], x, out);
		first = i == 0 ? last : first;
	}
	vnm_buf_printf(out, "<path d=\"M%d %dV%d\" class=\"way %s\"><title>", x, first, last,
		       class);
	for (const char *c = vnm_graph_place_guest(graph, &shared->places[0])->name; *c; c++)
		add_char(*c, out);
	vnm_buf_add(out, "</title></path>\n");
}

static void draw_bar(int left, int right, int height, const char *text, struct vnm_buf *out)
{
	draw_box(left, MARGIN, right - left, height - 2 * MARGIN, "bar", "", out);
	draw_text((left + right) / 2, MARGIN + 14, "label", text, BAR_MAX, out);
}

/**
 * vnm_graph_svg() - the picture as SVG
 * @graph: what it shows
 * @out:   gets it
 */
void vnm_graph_svg(const struct vnm_graph *graph, struct vnm_buf *out)
{
	int width = CARD_LEFT + CARD_WIDTH + MARGIN + LANE * (int)graph->n_shared;
	int height = FIRST_CARD;

	for (size_t i = 0; i < graph->n; i++)
		height += height_of(&graph->networks[i]) + MARGIN;
	height += MARGIN;
	vnm_buf_printf(
		out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
		"viewBox=\"0 0 %d %d\">\n"
		"<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n%s",
		width, height, width, height, style);
	draw_bar(OUTSIDE_LEFT, OUTSIDE_RIGHT, height, "outside", out);
	draw_bar(HOST_LEFT, HOST_RIGHT, height, graph->host, out);
	for (size_t i = 0; i < graph->n; i++)
		draw_network(&graph->networks[i], top_of(graph, i), out);
	for (size_t i = 0; i < graph->n_shared; i++)
		draw_shared(graph, i, out);
	vnm_buf_add(out, "</svg>\n");
}
