/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * graph.h - what a picture of networks shows, as plain data.
 *
 * Pure: the facts come from driver/graph.c. Every text is UTF-8 without control characters; vnm_graph_text() makes it so.
 */
#ifndef VNM_GRAPH_GRAPH_H
#define VNM_GRAPH_GRAPH_H

#include <stdbool.h>
#include <stddef.h>

/** enum vnm_graph_health - how a network, a guest or a forward is drawn. */
enum vnm_graph_health {
	VNM_GRAPH_HEALTHY,
	VNM_GRAPH_INACTIVE,
	VNM_GRAPH_DEGRADED,
	VNM_GRAPH_HEALTH_COUNT
};

/** enum vnm_graph_way - which way connections may be opened between guests and what is outside of their network. */
enum vnm_graph_way {
	VNM_GRAPH_NONE,
	VNM_GRAPH_OUT, /* by guests */
	VNM_GRAPH_BOTH,
	VNM_GRAPH_OPEN, /* as the host's own firewall allows */
};

/** struct vnm_graph_texts - a list of texts. */
struct vnm_graph_texts {
	char **items;
	size_t n;
};

/**
 * struct vnm_graph_guest - a guest
 * @name:      its name, that of its namespace, or its device
 * @addresses: NULL: none is known
 * @state:     a word or a few, "attached"
 * @netns:     the path of its network namespace, by which it is known to be one on several networks; or NULL
 * @shared:    which of the picture's shared guests it is, from 1; 0: none (vnm_graph_share())
 * @routes:    it forwards packets
 */
struct vnm_graph_guest {
	char *name, *addresses, *state, *netns;
	enum vnm_graph_health health;
	size_t shared;
	bool routes;
};

/** struct vnm_graph_place - a guest of a network, by their indices. */
struct vnm_graph_place {
	size_t network, guest;
};

/** struct vnm_graph_shared - a guest that is on several networks */
struct vnm_graph_shared {
	struct vnm_graph_place *places;
	size_t n;
};

/**
 * struct vnm_graph_forward - a port of the host that leads to a guest
 * @from: "tcp 8080"
 * @to:   "192.0.2.10:80", several separated by ", "
 */
struct vnm_graph_forward {
	char *from, *to;
	enum vnm_graph_health health;
};

/**
 * struct vnm_graph_network - a network
 * @kind:    for people: "NAT", "host-only"
 * @state:   as net-list says it
 * @bridge:  NULL: it has none
 * @device:  of the host, by which the outside is reached; NULL: any, or none
 * @host:    guests and host reach each other
 * @outside: guests and the outside
 * @faults:  what is missing or wrong
 * @allows:  what else guests may reach: "network web (tcp 5432)"
 */
struct vnm_graph_network {
	char *name, *kind, *state, *bridge, *device;
	enum vnm_graph_health health;
	bool host;
	enum vnm_graph_way outside;
	struct vnm_graph_texts subnets, faults, allows;
	struct vnm_graph_guest *guests;
	size_t n_guests;
	struct vnm_graph_forward *forwards;
	size_t n_forwards;
};

/** struct vnm_graph - a host and its networks; free with vnm_graph_clear(). */
struct vnm_graph {
	char *host;
	struct vnm_graph_network *networks;
	size_t n;
	struct vnm_graph_shared *shared;
	size_t n_shared;
};

char *vnm_graph_text(const char *s);
void vnm_graph_texts_add(struct vnm_graph_texts *texts, char *text);
void vnm_graph_shared_clear(struct vnm_graph_shared *shared);
void vnm_graph_clear(struct vnm_graph *graph);
#define vnm_autograph __attribute__((cleanup(vnm_graph_clear)))

#endif
