/* SPDX-License-Identifier: GPL-2.0-or-later */
/* graph.h - net-graph: the facts of a picture of networks. */
#ifndef VNM_DRIVER_GRAPH_H
#define VNM_DRIVER_GRAPH_H

#include "driver/overview.h"
#include "graph/graph.h"

const struct vnm_graph_network *vnm_graph_add(struct vnm_graph *graph,
					      const struct vnm_overview *overview);

#endif
