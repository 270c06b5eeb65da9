/* SPDX-License-Identifier: GPL-2.0-or-later */
/* graph_dot.h - the picture in the language of Graphviz. */
#ifndef VNM_GRAPH_DOT_H
#define VNM_GRAPH_DOT_H

#include "graph/graph.h"
#include "util/buf.h"

void vnm_graph_dot(const struct vnm_graph *graph, struct vnm_buf *out);

#endif
