/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_name.c - a network's name and UUID: net-name, net-uuid. */
#include <stdio.h>

#include "cli/output.h"
#include "cli/session.h"
#include "util/mem.h"

static int net_name(struct vnm_cli *cli)
{
	const char *given = vnm_cli_value(cli, VNM_OPT_NETWORK);
	vnm_autofree char *name = NULL;
	struct vnm_error err = { 0 };
	struct vnm_uuid uuid;
	int r;

	if (vnm_uuid_parse(given, &uuid) < 0) {
		vnm_cli_error(cli, "failed to get network '%s'", given);
		return 1;
	}
	if (vnm_cli_open(cli) < 0)
		return 1;
	r = vnm_driver_lookup_uuid(cli->driver, given, &name, &err);
	if (vnm_cli_finish(cli, r, &err, "failed to get network '%s'", given) != 0)
		return 1;
	puts(name);
	return 0;
}

static const struct vnm_option net_name_options[] = {
	{ VNM_OPT_NETWORK, VNM_OPT_OPERAND, "network uuid", VNM_ARG_UUID },
};

const struct vnm_command vnm_command_net_name = {
	.name = "net-name",
	.group = VNM_HELP_INFORMATION,
	.flags = VNM_COMMAND_PUBLIC,
	.summary = "convert a UUID to a name",
	VNM_OPTIONS(net_name_options),
	.run = net_name,
};

static int net_uuid(struct vnm_cli *cli)
{
	const char *given = vnm_cli_value(cli, VNM_OPT_NETWORK);
	char text[VNM_UUID_STRLEN];
	struct vnm_error err = { 0 };
	struct vnm_uuid uuid;
	int r;

	if (vnm_cli_open(cli) < 0)
		return 1;
	r = vnm_driver_lookup_name(cli->driver, given, &uuid, &err);
	if (vnm_cli_finish(cli, r, &err, "failed to get network '%s'", given) != 0)
		return 1;
	puts(vnm_uuid_format(&uuid, text));
	return 0;
}

static const struct vnm_option net_uuid_options[] = {
	{ VNM_OPT_NETWORK, VNM_OPT_OPERAND, "network name" },
};

const struct vnm_command vnm_command_net_uuid = {
	.name = "net-uuid",
	.group = VNM_HELP_INFORMATION,
	.flags = VNM_COMMAND_PUBLIC,
	.summary = "convert a name to a UUID",
	VNM_OPTIONS(net_uuid_options),
	.run = net_uuid,
};
