/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_forward_list.c - net-forward-list: the port forwards and 1:1 addresses of a network. */
#include "cli/document.h"
#include "cli/forward_table.h"
#include "cli/option_checks.h"
#include "cli/output.h"
#include "cli/session.h"
#include "util/mem.h"

static int net_forward_list(struct vnm_cli *cli)
{
	vnm_autofree char *name = NULL;
	struct vnm_forward_entry *entries;
	struct vnm_error err = { 0 };
	size_t n, later = 0;
	int r;

	if (vnm_cli_refuse_both(cli, VNM_OPT_JSON, VNM_OPT_TABLE) < 0 ||
	    vnm_cli_lookup(cli, &name) < 0)
		return 1;
	r = vnm_driver_forwards(cli->driver, name, NULL, &entries, &n, &err);
	if (r == 0)
		later = vnm_driver_later_forwards(cli->driver, name);
	if (vnm_cli_finish(cli, r, &err, NULL) != 0)
		return 1;
	vnm_cli_name_network(cli, name);
	vnm_columns_list(cli, &vnm_forward_columns, entries, n);
	vnm_forward_entries_free(entries, n);
	if (later > 0)
		vnm_cli_hint(cli,
			     "%zu more from the next start of the network on: vnetmgr net-dumpxml "
			     "%s --inactive",
			     later, name);
	return 0;
}

static const struct vnm_option net_forward_list_options[] = {
	VNM_OPTION_NETWORK,
	{ VNM_OPT_TABLE, 0, "list table (default)" },
	VNM_OPTION_JSON,
};

const struct vnm_command vnm_command_net_forward_list = {
	.name = "net-forward-list",
	.group = VNM_HELP_FORWARDING,
	.flags = VNM_COMMAND_PUBLIC,
	.summary = "list port forwards and 1:1 addresses",
	VNM_OPTIONS(net_forward_list_options),
	.run = net_forward_list,
};
