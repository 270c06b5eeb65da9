/* SPDX-License-Identifier: GPL-2.0-or-later */
/* graph_svg.h - the picture as SVG. */
#ifndef VNM_GRAPH_SVG_H
#define VNM_GRAPH_SVG_H

#include "graph/graph.h"
#include "util/buf.h"

void vnm_graph_svg(const struct vnm_graph *graph, struct vnm_buf *out);

#endif
