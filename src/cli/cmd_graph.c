/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_graph.c - net-graph. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/gather.h"
#include "cli/output.h"
#include "cli/session.h"
#include "graph/graph_formats.h"
#include "util/mem.h"

#define HOST_NAME_LEN 256

static int add_network(struct vnm_cli *cli, const char *name, void *graph, struct vnm_error *err)
{
	return vnm_driver_graph(cli->driver, name, graph, err);
}

static const struct vnm_graph_format *wanted_format(struct vnm_cli *cli)
{
	const char *name = vnm_cli_value(cli, VNM_OPT_FORMAT);
	const struct vnm_graph_format *format =
		name ? vnm_graph_format_find(name) : &vnm_graph_formats[0];
	vnm_autobuf struct vnm_buf known = { 0 };

	if (format)
		return format;
	for (size_t i = 0; vnm_graph_formats[i].name; i++)
		vnm_buf_printf(&known, "%s%s", i ? ", " : "", vnm_graph_formats[i].name);
	vnm_cli_error(cli, "unknown format '%s'; there are: %s", name, vnm_buf_str(&known));
	return NULL;
}

static char *host_name(void)
{
	char name[HOST_NAME_LEN] = "";

	(void)gethostname(name, sizeof(name) - 1);
	return vnm_graph_text(name);
}

static int net_graph(struct vnm_cli *cli)
{
	const struct vnm_graph_format *format = wanted_format(cli);
	vnm_autograph struct vnm_graph graph = { 0 };
	vnm_autobuf struct vnm_buf text = { 0 };
	int r;

	if (!format || vnm_cli_open(cli) < 0)
		return 1;
	graph.host = host_name();
	r = vnm_cli_gather(cli, add_network, &graph);
	vnm_cli_close(cli);
	if (r < 0)
		return 1;
	format->draw(&graph, &text);
	fputs(vnm_buf_str(&text), stdout);
	return 0;
}

static const struct vnm_option net_graph_options[] = {
	{ VNM_OPT_NETWORK, VNM_OPT_ARGUMENT | VNM_OPT_MANY, VNM_NETWORK_HELP },
	{ VNM_OPT_FORMAT, VNM_OPT_HAS_VALUE, "text (default), svg, dot or mermaid" },
};

const struct vnm_command vnm_command_net_graph = {
	.name = "net-graph",
	.flags = VNM_COMMAND_BARE,
	.summary = "draw networks, their guests, and what reaches what",
	.description = "Draws all networks, or those that are named, with their guests and port "
		       "forwards; what is degraded is marked.",
	VNM_OPTIONS(net_graph_options),
	.run = net_graph,
};
