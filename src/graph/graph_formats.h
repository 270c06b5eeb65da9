/* SPDX-License-Identifier: GPL-2.0-or-later */
/* graph_formats.h - the pictures, by name. */
#ifndef VNM_GRAPH_FORMATS_H
#define VNM_GRAPH_FORMATS_H

#include "graph/graph.h"
#include "util/buf.h"

/** struct vnm_graph_format - a kind of picture. */
struct vnm_graph_format {
	const char *name;
	void (*draw)(const struct vnm_graph *graph, struct vnm_buf *out);
};

extern const struct vnm_graph_format
	vnm_graph_formats[]; /* the first is the default; a NULL name ends them */

const struct vnm_graph_format *vnm_graph_format_find(const char *name);

#endif
