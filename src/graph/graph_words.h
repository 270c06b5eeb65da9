/* SPDX-License-Identifier: GPL-2.0-or-later */
/* graph_words.h - the words that all pictures share. */
#ifndef VNM_GRAPH_WORDS_H
#define VNM_GRAPH_WORDS_H

#include "graph/graph.h"
#include "util/buf.h"

void vnm_graph_title(const struct vnm_graph_network *net, struct vnm_buf *out);
void vnm_graph_reach(const struct vnm_graph_network *net, struct vnm_buf *out);
const char *vnm_graph_way_label(const struct vnm_graph_network *net);

#endif
