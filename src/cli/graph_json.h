/* SPDX-License-Identifier: GPL-2.0-or-later */
/* graph_json.h - the facts of a picture of networks, as JSON. */
#ifndef VNM_CLI_GRAPH_JSON_H
#define VNM_CLI_GRAPH_JSON_H

#include <jansson.h>

#include "driver/graph.h"

json_t *vnm_graph_shared_json(const struct vnm_graph *graph);
json_t *vnm_graph_json(const struct vnm_overview *overview, const struct vnm_graph_network *drawn);

#endif
