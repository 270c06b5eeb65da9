/* SPDX-License-Identifier: GPL-2.0-or-later */
/* graph_shared.h - guests of a picture that are on several of its networks. */
#ifndef VNM_GRAPH_GRAPH_SHARED_H
#define VNM_GRAPH_GRAPH_SHARED_H

#include "graph/graph.h"
#include "util/buf.h"

void vnm_graph_share(struct vnm_graph *graph);
const struct vnm_graph_guest *vnm_graph_place_guest(const struct vnm_graph *graph,
						    const struct vnm_graph_place *place);
void vnm_graph_shared_words(const struct vnm_graph *graph, const struct vnm_graph_guest *guest,
			    struct vnm_buf *out);
enum vnm_graph_health vnm_graph_shared_health(const struct vnm_graph *graph,
					      const struct vnm_graph_shared *shared);

#endif
