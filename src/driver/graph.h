/* SPDX-License-Identifier: GPL-2.0-or-later */
/* graph.h - net-graph: the facts of a picture of networks. */
#ifndef VNM_DRIVER_GRAPH_H
#define VNM_DRIVER_GRAPH_H

#include "graph/graph.h"
#include "util/error.h"

struct vnm_driver;

int vnm_driver_graph(struct vnm_driver *drv, const char *name, struct vnm_graph *graph,
		     struct vnm_error *err);

#endif
