/* SPDX-License-Identifier: GPL-2.0-or-later */
/* graph.c - the facts of a picture. */
#include "graph/graph.h"

#include <stdlib.h>

#include "util/bidi.h"
#include "util/buf.h"
#include "util/mem.h"
#include "util/parse.h"

/** vnm_graph_text() - a copy with what would not print, or would reorder the characters around it, as \xNN; allocated */
char *vnm_graph_text(const char *s)
{
	struct vnm_buf text = { 0 };

	while (*s) {
		size_t len = vnm_bidi_at(s, NULL) ? 0 : vnm_utf8_printable(s);

		if (len > 0)
			vnm_buf_addn(&text, s, len);
		else
			vnm_buf_printf(&text, "\\x%02x", (unsigned char)*s);
		s += len > 0 ? len : 1;
	}
	return vnm_buf_steal(&text);
}

/** vnm_graph_texts_add() - add to a list a text, which the list then owns */
void vnm_graph_texts_add(struct vnm_graph_texts *texts, char *text)
{
	texts->items = vnm_array_add(texts->items, &texts->n, sizeof(*texts->items));
	texts->items[texts->n - 1] = text;
}

static void texts_clear(struct vnm_graph_texts *texts)
{
	for (size_t i = 0; i < texts->n; i++)
		free(texts->items[i]);
	free(texts->items);
}

static void network_clear(struct vnm_graph_network *net)
{
	for (size_t i = 0; i < net->n_guests; i++) {
		free(net->guests[i].name);
		free(net->guests[i].addresses);
		free(net->guests[i].state);
		free(net->guests[i].netns);
	}
	for (size_t i = 0; i < net->n_forwards; i++) {
		free(net->forwards[i].from);
		free(net->forwards[i].to);
	}
	free(net->guests);
	free(net->forwards);
	texts_clear(&net->subnets);
	texts_clear(&net->faults);
	texts_clear(&net->allows);
	free(net->name);
	free(net->kind);
	free(net->state);
	free(net->bridge);
	free(net->device);
}

/** vnm_graph_shared_clear() - free what it holds. */
void vnm_graph_shared_clear(struct vnm_graph_shared *shared)
{
	free(shared->places);
	*shared = (struct vnm_graph_shared){ 0 };
}

/** vnm_graph_clear() - free what a graph holds. */
void vnm_graph_clear(struct vnm_graph *graph)
{
	for (size_t i = 0; i < graph->n; i++)
		network_clear(&graph->networks[i]);
	for (size_t i = 0; i < graph->n_shared; i++)
		vnm_graph_shared_clear(&graph->shared[i]);
	free(graph->shared);
	free(graph->networks);
	free(graph->host);
	*graph = (struct vnm_graph){ 0 };
}
