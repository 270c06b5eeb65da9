/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_graph.c - net-graph. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/document.h"
#include "cli/gather.h"
#include "cli/graph_json.h"
#include "cli/json.h"
#include "cli/option_checks.h"
#include "cli/output.h"
#include "cli/session.h"
#include "graph/graph_formats.h"
#include "graph/graph_shared.h"
#include "util/mem.h"

#define HOST_NAME_LEN 256
#define JSON "json" /* the format that is no picture */

/* struct drawing - what is drawn. @networks: as JSON, or NULL */
struct drawing {
	struct vnm_graph graph;
	json_t *networks;
};

static int add_network(struct vnm_cli *cli, const char *name, void *data, struct vnm_error *err)
{
	vnm_autooverview struct vnm_overview overview = { 0 };
	const struct vnm_graph_network *drawn;
	struct drawing *drawing = data;
	int r = vnm_driver_overview(cli->driver, name, &overview, err);

	if (r < 0)
		return r;
	drawn = vnm_graph_add(&drawing->graph, &overview);
	if (drawing->networks)
		json_array_append_new(drawing->networks, vnm_graph_json(&overview, drawn));
	return 0;
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
		vnm_buf_printf(&known, "%s, ", vnm_graph_formats[i].name);
	vnm_cli_error(cli, "unknown format '%s'; there are: %s" JSON, name, vnm_buf_str(&known));
	return NULL;
}

static char *host_name(void)
{
	char name[HOST_NAME_LEN] = "";

	(void)gethostname(name, sizeof(name) - 1);
	return vnm_graph_text(name);
}

/* By either option. */
static bool wants_json(const struct vnm_cli *cli)
{
	const char *format = vnm_cli_value(cli, VNM_OPT_FORMAT);

	return vnm_cli_seen(cli, VNM_OPT_JSON) || (format && !strcmp(format, JSON));
}

/* @format: NULL for JSON */
static void print(struct vnm_cli *cli, const struct vnm_graph_format *format,
		  const struct drawing *drawing)
{
	vnm_autobuf struct vnm_buf text = { 0 };

	if (!format) {
		vnm_json_set(vnm_document(cli), "host", vnm_json_string(drawing->graph.host));
		vnm_json_set(vnm_document(cli), "networks", json_incref(drawing->networks));
		vnm_json_set(vnm_document(cli), "shared", vnm_graph_shared_json(&drawing->graph));
		return;
	}
	format->draw(&drawing->graph, &text);
	fputs(vnm_buf_str(&text), stdout);
}

static int net_graph(struct vnm_cli *cli)
{
	const struct vnm_graph_format *format = NULL;
	struct drawing drawing = { 0 };
	const bool json = wants_json(cli);
	int r;

	if (vnm_cli_refuse_both(cli, VNM_OPT_JSON, VNM_OPT_FORMAT) < 0)
		return 1;
	if (!json)
		format = wanted_format(cli);
	if ((!json && !format) || vnm_cli_open(cli) < 0)
		return 1;
	drawing.graph.host = host_name();
	drawing.networks = json ? json_array() : NULL;
	vnm_cli_survey(cli);
	r = vnm_cli_gather(cli, add_network, &drawing);
	vnm_cli_close(cli);
	vnm_graph_share(&drawing.graph);
	if (r == 0)
		print(cli, format, &drawing);
	json_decref(drawing.networks);
	vnm_graph_clear(&drawing.graph);
	return r < 0;
}

static const struct vnm_option net_graph_options[] = {
	{ VNM_OPT_NETWORK, VNM_OPT_ARGUMENT | VNM_OPT_MANY, VNM_NETWORK_HELP },
	{ VNM_OPT_FORMAT, VNM_OPT_HAS_VALUE, "text (default), svg, dot, mermaid or json" },
	VNM_OPTION_JSON,
};

const struct vnm_command vnm_command_net_graph = {
	.name = "net-graph",
	.group = VNM_HELP_INFORMATION,
	.flags = VNM_COMMAND_BARE | VNM_COMMAND_PUBLIC,
	.summary = "draw networks, their guests, and what reaches what",
	.description = "Draws all networks, or those that are named, with their guests and port "
		       "forwards; what is degraded is marked.",
	VNM_OPTIONS(net_graph_options),
	.run = net_graph,
};
