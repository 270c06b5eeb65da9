/* SPDX-License-Identifier: GPL-2.0-or-later */
/* graph_tree.h - the picture for a terminal. */
#ifndef VNM_GRAPH_TREE_H
#define VNM_GRAPH_TREE_H

#include "graph/graph.h"
#include "util/buf.h"

void vnm_graph_tree(const struct vnm_graph *graph, struct vnm_buf *out);

#endif
