/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_port.c - ports of active networks: net-port-create, net-port-delete, net-port-list, net-port-dumpxml. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/attachment_table.h"
#include "cli/columns.h"
#include "cli/document.h"
#include "cli/input.h"
#include "cli/option_checks.h"
#include "cli/output.h"
#include "cli/session.h"
#include "state/store.h"
#include "util/mem.h"

static int net_port_create(struct vnm_cli *cli)
{
	const char *file = vnm_cli_value(cli, VNM_OPT_FILE);
	vnm_autofree char *name = NULL, *uuid = NULL;
	vnm_autobuf struct vnm_buf text = { 0 };
	struct vnm_error err = { 0 };
	int r;

	if (vnm_cli_read(cli, file, "create network port", &text) < 0 ||
	    vnm_cli_lookup(cli, &name) < 0)
		return 1;
	r = vnm_driver_port_create(cli->driver, name, vnm_buf_str(&text), text.len,
				   strcmp(file, "-") ? file : "stdin", false, &uuid, &err);
	if (vnm_cli_finish(cli, r, &err, "Failed to create network port from %s", file) != 0)
		return 1;
	vnm_cli_extra(cli, "Network port %s created from %s\n", uuid, file);
	return 0;
}

static const struct vnm_option net_port_create_options[] = {
	VNM_OPTION_NETWORK_OF(VNM_ARG_ACTIVE),
	{ VNM_OPT_FILE, VNM_OPT_OPERAND,
	  "file containing an XML network port description; - is standard input" },
	{ VNM_OPT_VALIDATE, 0, "validate the XML against the schema; this is always done" },
};

const struct vnm_command vnm_command_net_port_create = {
	.name = "net-port-create",
	.group = VNM_HELP_GUEST,
	.flags = VNM_COMMAND_CHANGES,
	.summary = "create a port from XML",
	.description = "The network selects what it is connected to, and reserves that "
		       "until the port is deleted or the network stops.",
	VNM_OPTIONS(net_port_create_options),
	.run = net_port_create,
};

/* clang-format off */
#define PORT_OPTION { VNM_OPT_PORT, VNM_OPT_OPERAND, "port UUID", VNM_ARG_PORT }
/* clang-format on */

/* virsh's message for every error about a port that was named. */
#define PORT_FAILED "failed to get network port '%s'"

static int net_port_delete(struct vnm_cli *cli)
{
	const char *port = vnm_cli_value(cli, VNM_OPT_PORT);
	vnm_autofree char *name = NULL, *uuid = NULL;
	struct vnm_error err = { 0 };
	int r;

	if (vnm_cli_lookup(cli, &name) < 0)
		return 1;
	r = vnm_driver_port_delete(cli->driver, name, port, &uuid, &err);
	if (vnm_cli_finish(cli, r, &err, PORT_FAILED, port) != 0)
		return 1;
	vnm_cli_extra(cli, "Network port %s deleted\n", uuid);
	return 0;
}

static const struct vnm_option net_port_delete_options[] = { VNM_OPTION_NETWORK_OF(VNM_ARG_ACTIVE),
							     PORT_OPTION };

const struct vnm_command vnm_command_net_port_delete = {
	.name = "net-port-delete",
	.group = VNM_HELP_GUEST,
	.flags = VNM_COMMAND_CHANGES,
	.summary = "delete a port",
	VNM_OPTIONS(net_port_delete_options),
	.run = net_port_delete,
};

static int net_port_dumpxml(struct vnm_cli *cli)
{
	const char *port = vnm_cli_value(cli, VNM_OPT_PORT);
	vnm_autofree char *name = NULL, *xml = NULL;
	struct vnm_error err = { 0 };
	int r;

	if (vnm_cli_lookup(cli, &name) < 0)
		return 1;
	r = vnm_driver_port_dumpxml(cli->driver, name, port, &xml, &err);
	if (vnm_cli_finish(cli, r, &err, PORT_FAILED, port) != 0)
		return 1;
	return vnm_cli_print_xml(cli, xml);
}

static const struct vnm_option net_port_dumpxml_options[] = { VNM_OPTION_NETWORK_OF(VNM_ARG_ACTIVE),
							      PORT_OPTION, VNM_OPTIONS_XPATH };

const struct vnm_command vnm_command_net_port_dumpxml = {
	.name = "net-port-dumpxml",
	.group = VNM_HELP_GUEST,
	.flags = VNM_COMMAND_PUBLIC,
	.summary = "print a port",
	.description = "Prints its settings and what it is to be connected to.",
	VNM_OPTIONS(net_port_dumpxml_options),
	.run = net_port_dumpxml,
};

static const struct vnm_column port_items[] = {
	{ "UUID", "uuid", VNM_COLUMN_STRING, 0, .with = VNM_OPT_COUNT },
};

static const struct vnm_columns port_columns = {
	"ports",
	port_items,
	VNM_ARRAY_SIZE(port_items),
	sizeof(char *),
};

/* The table of ports is there, though empty, when there are no guests either. */
static void print_all(struct vnm_cli *cli, const char *name, const struct vnm_attached *attached,
		      size_t n_attached, char *const *uuids, size_t n)
{
	bool json = vnm_cli_seen(cli, VNM_OPT_JSON);

	vnm_cli_name_network(cli, name);
	if (json || n_attached > 0)
		vnm_columns_list(cli, &vnm_attached_columns, attached, n_attached);
	if (json || n > 0 || n_attached == 0)
		vnm_columns_list(cli, &port_columns, uuids, n);
}

static int net_port_list(struct vnm_cli *cli)
{
	bool only_uuids = vnm_cli_seen(cli, VNM_OPT_UUID);
	vnm_autofree char *name = NULL;
	struct vnm_attached *attached = NULL;
	struct vnm_error err = { 0 };
	size_t n = 0, n_attached = 0;
	char **uuids = NULL;
	int r, status;

	if (vnm_cli_refuse_both(cli, VNM_OPT_JSON, VNM_OPT_UUID) < 0 ||
	    vnm_cli_refuse_both(cli, VNM_OPT_JSON, VNM_OPT_TABLE) < 0)
		return 1;
	if (only_uuids && vnm_cli_seen(cli, VNM_OPT_TABLE)) {
		vnm_cli_error(cli, "Only one argument from --table and --uuid may be specified.");
		return 1;
	}
	if (vnm_cli_lookup(cli, &name) < 0)
		return 1;
	r = vnm_driver_attached(cli->driver, name, NULL, &attached, &n_attached, &err);
	if (r == 0)
		r = vnm_driver_port_list(cli->driver, name, &uuids, &n, &err);
	if (r < 0 && n_attached > 0 && err.code == VNM_ERR_INACTIVE)
		r = 0; /* guests may outlive their network's stop, their records do not */
	status = vnm_cli_finish(cli, r, &err, NULL);
	for (size_t i = 0; status == 0 && only_uuids && i < n; i++)
		puts(uuids[i]);
	if (status == 0 && !only_uuids)
		print_all(cli, name, attached, n_attached, uuids, n);
	vnm_attached_free(attached, n_attached);
	vnm_names_free(uuids, n);
	return status;
}

static const struct vnm_option net_port_list_options[] = {
	VNM_OPTION_NETWORK_OF(VNM_ARG_ACTIVE),
	{ VNM_OPT_UUID, 0, "list UUIDs only" },
	{ VNM_OPT_TABLE, 0, "list table (default)" },
	VNM_OPTION_JSON,
};

const struct vnm_command vnm_command_net_port_list = {
	.name = "net-port-list",
	.group = VNM_HELP_GUEST,
	.flags = VNM_COMMAND_PUBLIC,
	.summary = "list attached guests and ports",
	VNM_OPTIONS(net_port_list_options),
	.run = net_port_list,
};
