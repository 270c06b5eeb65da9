/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_port.c - ports of active networks: net-port-create, net-port-delete, net-port-list, net-port-dumpxml. */
#include "cli/cli_internal.h"

#include <stdlib.h>
#include <string.h>

#include "cli/table.h"
#include "state/store.h"
#include "util/mem.h"

/** vnm_cmd_port_create() - net-port-create. Return: the exit status. */
int vnm_cmd_port_create(struct vnm_cli *cli)
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
				   strcmp(file, "-") ? file : "stdin", &uuid, &err);
	vnm_cli_close(cli);
	if (r < 0) {
		vnm_cli_fail(cli, &err, "Failed to create network port from %s", file);
		return 1;
	}
	vnm_cli_extra(cli, "Network port %s created from %s\n", uuid, file);
	return 0;
}

/* What virsh says first whenever something is wrong with a port that was named. */
static int port_failed(struct vnm_cli *cli, const struct vnm_error *err)
{
	vnm_cli_fail(cli, err, "failed to get network port '%s'", vnm_cli_value(cli, VNM_OPT_PORT));
	return 1;
}

/** vnm_cmd_port_delete() - net-port-delete. Return: the exit status. */
int vnm_cmd_port_delete(struct vnm_cli *cli)
{
	vnm_autofree char *name = NULL, *uuid = NULL;
	struct vnm_error err = { 0 };
	int r;

	if (vnm_cli_lookup(cli, &name) < 0)
		return 1;
	r = vnm_driver_port_delete(cli->driver, name, vnm_cli_value(cli, VNM_OPT_PORT), &uuid,
				   &err);
	vnm_cli_close(cli);
	if (r < 0)
		return port_failed(cli, &err);
	vnm_cli_extra(cli, "Network port %s deleted\n", uuid);
	return 0;
}

/** vnm_cmd_port_dumpxml() - net-port-dumpxml. Return: the exit status. */
int vnm_cmd_port_dumpxml(struct vnm_cli *cli)
{
	vnm_autofree char *name = NULL, *xml = NULL;
	struct vnm_error err = { 0 };
	int r;

	if (vnm_cli_lookup(cli, &name) < 0)
		return 1;
	r = vnm_driver_port_dumpxml(cli->driver, name, vnm_cli_value(cli, VNM_OPT_PORT), &xml,
				    &err);
	vnm_cli_close(cli);
	if (r < 0)
		return port_failed(cli, &err);
	return vnm_cli_print_xml(cli, xml);
}

static void print_ports(const struct vnm_cli *cli, char *const *uuids, size_t n)
{
	static const char *const headings[] = { "UUID" };
	vnm_autotable struct vnm_table table = { .columns = VNM_ARRAY_SIZE(headings) };
	vnm_autobuf struct vnm_buf out = { 0 };

	vnm_table_add(&table, headings);
	for (size_t i = 0; i < n; i++) {
		const char *const cells[] = { uuids[i] };

		if (vnm_cli_seen(cli, VNM_OPT_UUID))
			vnm_buf_printf(&out, "%s\n", uuids[i]);
		else
			vnm_table_add(&table, cells);
	}
	if (!vnm_cli_seen(cli, VNM_OPT_UUID))
		vnm_table_print(&table, !cli->quiet, &out);
	fputs(vnm_buf_str(&out), stdout);
}

/** vnm_cmd_port_list() - net-port-list. Return: the exit status. */
int vnm_cmd_port_list(struct vnm_cli *cli)
{
	vnm_autofree char *name = NULL;
	struct vnm_attached *attached = NULL;
	struct vnm_error err = { 0 };
	size_t n = 0, n_attached = 0;
	char **uuids = NULL;
	int r;

	if (vnm_cli_seen(cli, VNM_OPT_UUID) && vnm_cli_seen(cli, VNM_OPT_TABLE)) {
		vnm_cli_error(cli, "Only one argument from --table and --uuid may be specified.");
		return 1;
	}
	if (vnm_cli_lookup(cli, &name) < 0)
		return 1;
	r = vnm_driver_attached(cli->driver, name, &attached, &n_attached, &err);
	if (r == 0)
		r = vnm_driver_port_list(cli->driver, name, &uuids, &n, &err);
	if (r < 0 && n_attached > 0 && err.code == VNM_ERR_INACTIVE)
		r = 0; /* guests outlast their network's stop, records do not */
	vnm_cli_close(cli);
	if (r < 0)
		vnm_cli_error(cli, "%s", err.msg);
	if (n_attached > 0 && r == 0 && !vnm_cli_seen(cli, VNM_OPT_UUID))
		vnm_print_attached(cli, attached, n_attached);
	if (r == 0 && (n > 0 || n_attached == 0 || vnm_cli_seen(cli, VNM_OPT_UUID)))
		print_ports(cli, uuids, n);
	vnm_attached_free(attached, n_attached);
	vnm_names_free(uuids, n);
	return r < 0 ? 1 : 0;
}
