/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * graph_json.c - the facts of a picture of networks, as JSON, for programs that draw pictures of their own.
 *
 * Guests and port forwards are those of net-port-list and net-forward-list, with the same keys.
 */
#include "cli/graph_json.h"

#include "cli/attachment_table.h"
#include "cli/forward_table.h"
#include "cli/json.h"
#include "graph/graph_shared.h"
#include "util/mem.h"

static json_t *json_state(const void *row)
{
	return json_string(vnm_info_state(row));
}

/* clang-format off */
#define ROW struct vnm_info
static const struct vnm_column items[] = {
	VNM_COLUMN(NULL, "name", STRING, ROW, name),
	VNM_COLUMN_BY(NULL, "state", NULL, json_state),
	VNM_COLUMN(NULL, "mode", STRING, ROW, mode),
	VNM_COLUMN(NULL, "bridge", STRING, ROW, bridge),
	VNM_COLUMN_LIST(NULL, "subnets", ROW, subnets, n_subnets),
	VNM_COLUMN_LIST(NULL, "missing", ROW, missing, n_missing),
	VNM_COLUMN_LIST(NULL, "faults", ROW, faults, n_faults),
};
#undef ROW
/* clang-format on */

static const struct vnm_columns columns = {
	"networks",
	items,
	VNM_ARRAY_SIZE(items),
	sizeof(struct vnm_info),
};

static json_t *rows(const struct vnm_columns *of, const void *first, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list,
				      vnm_columns_json(of, (const char *)first + i * of->size));
	return list;
}

static json_t *json_outside(enum vnm_graph_way way)
{
	static const char *const words[] = {
		[VNM_GRAPH_NONE] = "none",
		[VNM_GRAPH_OUT] = "out",
		[VNM_GRAPH_BOTH] = "both",
		[VNM_GRAPH_OPEN] = "open",
	};

	return json_string(words[way]);
}

static json_t *json_allows(const struct vnm_network *net)
{
	json_t *list = json_array();

	for (size_t i = 0; i < net->n_allows; i++) {
		const struct vnm_allow *allow = &net->allows[i];
		json_t *object = json_object();

		vnm_json_set(object, "network", vnm_json_string(allow->network));
		vnm_json_set(object, "proto",
			     vnm_json_string(vnm_enum_name(&vnm_enum_proto, (int)allow->proto)));
		vnm_json_set_ports(object, &allow->port);
		json_array_append_new(list, object);
	}
	return list;
}

/**
 * vnm_graph_shared_json() - the guests that are on several networks
 *
 * Return: an array.
 */
json_t *vnm_graph_shared_json(const struct vnm_graph *graph)
{
	json_t *list = json_array();

	for (size_t i = 0; i < graph->n_shared; i++) {
		const struct vnm_graph_shared *shared = &graph->shared[i];
		const struct vnm_graph_guest *guest =
			vnm_graph_place_guest(graph, &shared->places[0]);
		json_t *object = json_object(), *networks = json_array();

		for (size_t k = 0; k < shared->n; k++)
			json_array_append_new(
				networks,
				vnm_json_string(graph->networks[shared->places[k].network].name));
		vnm_json_set(object, "name", vnm_json_string(guest->name));
		vnm_json_set(object, "netns", vnm_json_string(guest->netns));
		vnm_json_set(object, "routes", json_boolean(guest->routes));
		vnm_json_set(object, "networks", networks);
		json_array_append_new(list, object);
	}
	return list;
}

/**
 * vnm_graph_json() - a network of a picture
 * @overview: the network
 * @drawn:    the same, as it is drawn
 *
 * Return: an object.
 */
json_t *vnm_graph_json(const struct vnm_overview *overview, const struct vnm_graph_network *drawn)
{
	json_t *object = vnm_columns_json(&columns, &overview->info);

	vnm_json_set(object, "host", json_boolean(drawn->host));
	vnm_json_set(object, "outside", json_outside(drawn->outside));
	vnm_json_set(object, "device", vnm_json_string(drawn->device));
	vnm_json_set(object, "allows", json_allows(&overview->net));
	vnm_json_set(object, "guests",
		     rows(&vnm_attached_columns, overview->guests, overview->n_guests));
	vnm_json_set(object, "forwards",
		     rows(&vnm_forward_columns, overview->forwards, overview->n_forwards));
	return object;
}
