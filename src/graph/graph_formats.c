/* SPDX-License-Identifier: GPL-2.0-or-later */
/* graph_formats.c - the pictures, by name. */
#include "graph/graph_formats.h"

#include <string.h>

#include "graph/graph_dot.h"
#include "graph/graph_mermaid.h"
#include "graph/graph_svg.h"
#include "graph/graph_tree.h"

const struct vnm_graph_format vnm_graph_formats[] = {
	{ "text", vnm_graph_tree },	  { "svg", vnm_graph_svg }, { "dot", vnm_graph_dot },
	{ "mermaid", vnm_graph_mermaid }, { NULL, NULL },
};

/** vnm_graph_format_find() - the picture of this name, or NULL */
const struct vnm_graph_format *vnm_graph_format_find(const char *name)
{
	for (const struct vnm_graph_format *format = vnm_graph_formats; format->name; format++)
		if (!strcmp(format->name, name))
			return format;
	return NULL;
}
