/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * graph_shared.c - guests of a picture that are on several of its networks: routers, and hosts with two legs.
 *
 * Each network has an attachment of its own; that they are of one guest is known by its network namespace.
 */
#include "graph/graph_shared.h"

#include <string.h>

#include "util/mem.h"

static struct vnm_graph_guest *guest_at(const struct vnm_graph *graph,
					const struct vnm_graph_place *place)
{
	return &graph->networks[place->network].guests[place->guest];
}

static bool is_same(const struct vnm_graph_guest *a, const struct vnm_graph_guest *b)
{
	return a->netns && b->netns && !strcmp(a->netns, b->netns);
}

static void add_place(struct vnm_graph_shared *shared, struct vnm_graph_place place)
{
	shared->places = vnm_array_add(shared->places, &shared->n, sizeof(*shared->places));
	shared->places[shared->n - 1] = place;
}

/* The first one of @graph->shared in whose namespace the guest is, or NULL. */
static struct vnm_graph_shared *find(const struct vnm_graph *graph,
				     const struct vnm_graph_guest *guest)
{
	for (size_t i = 0; i < graph->n_shared; i++)
		if (is_same(guest_at(graph, &graph->shared[i].places[0]), guest))
			return &graph->shared[i];
	return NULL;
}

static void add(struct vnm_graph *graph, struct vnm_graph_place place)
{
	const struct vnm_graph_guest *guest = guest_at(graph, &place);
	struct vnm_graph_shared *shared = guest->netns ? find(graph, guest) : NULL;

	if (!guest->netns)
		return;
	if (!shared) {
		graph->shared =
			vnm_array_add(graph->shared, &graph->n_shared, sizeof(*graph->shared));
		shared = &graph->shared[graph->n_shared - 1];
		*shared = (struct vnm_graph_shared){ 0 };
	}
	add_place(shared, place);
}

/* Those that are on one network only are of no interest. */
static void keep_shared(struct vnm_graph *graph)
{
	size_t n = 0;

	for (size_t i = 0; i < graph->n_shared; i++) {
		struct vnm_graph_shared *shared = &graph->shared[i];

		if (shared->n < 2) {
			vnm_graph_shared_clear(shared);
			continue;
		}
		for (size_t k = 0; k < shared->n; k++)
			guest_at(graph, &shared->places[k])->shared = n + 1;
		graph->shared[n++] = *shared;
	}
	graph->n_shared = n;
}

/**
 * vnm_graph_share() - find the guests that are on several networks
 * @graph: with all of its networks; its member @shared is filled in
 */
void vnm_graph_share(struct vnm_graph *graph)
{
	for (size_t i = 0; i < graph->n; i++)
		for (size_t k = 0; k < graph->networks[i].n_guests; k++)
			add(graph, (struct vnm_graph_place){ i, k });
	keep_shared(graph);
}

/** vnm_graph_place_guest() - the guest at a place */
const struct vnm_graph_guest *vnm_graph_place_guest(const struct vnm_graph *graph,
						    const struct vnm_graph_place *place)
{
	return guest_at(graph, place);
}

/** vnm_graph_shared_words() - where else the guest is: ", routes to right (10.2.0.1)"; nothing if it is on one network */
void vnm_graph_shared_words(const struct vnm_graph *graph, const struct vnm_graph_guest *guest,
			    struct vnm_buf *out)
{
	const char *words = guest->routes ? ", routes to " : ", also on ";

	if (!guest->shared)
		return;
	for (size_t i = 0; i < graph->shared[guest->shared - 1].n; i++) {
		const struct vnm_graph_place *place = &graph->shared[guest->shared - 1].places[i];
		const struct vnm_graph_guest *other = guest_at(graph, place);

		if (other == guest)
			continue;
		vnm_buf_printf(out, "%s%s", words, graph->networks[place->network].name);
		if (other->addresses)
			vnm_buf_printf(out, " (%s)", other->addresses);
		words = ", ";
	}
}

/** vnm_graph_shared_health() - of a guest as a whole: the worst of its networks */
enum vnm_graph_health vnm_graph_shared_health(const struct vnm_graph *graph,
					      const struct vnm_graph_shared *shared)
{
	enum vnm_graph_health worst = VNM_GRAPH_HEALTHY;

	for (size_t i = 0; i < shared->n; i++)
		if (guest_at(graph, &shared->places[i])->health > worst)
			worst = guest_at(graph, &shared->places[i])->health;
	return worst;
}
