/* SPDX-License-Identifier: GPL-2.0-or-later */
/* graph_mermaid.h - the picture in the language of Mermaid. */
#ifndef VNM_GRAPH_MERMAID_H
#define VNM_GRAPH_MERMAID_H

#include "graph/graph.h"
#include "util/buf.h"

void vnm_graph_mermaid(const struct vnm_graph *graph, struct vnm_buf *out);

#endif
