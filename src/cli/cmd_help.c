/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_help.c - help, version. */
#include <stdio.h>

#include "cli/document.h"
#include "cli/help.h"
#include "cli/hint.h"
#include "cli/json.h"
#include "cli/output.h"

#ifndef VNM_VERSION
#define VNM_VERSION "unknown"
#endif

static int help_for(struct vnm_cli *cli, const char *word, struct vnm_buf *out)
{
	const struct vnm_command *command = vnm_command_find(cli->commands, word);
	enum vnm_help_group group = vnm_help_group_find(word);

	if (command) {
		vnm_help_command(command, vnm_cli_width(), out);
		return 0;
	}
	if (group != VNM_HELP_COUNT) {
		vnm_help_group(cli->commands, group, cli->screen ? vnm_cli_width() : 0, out);
		return 0;
	}
	vnm_cli_error(cli, "command or command group '%s' doesn't exist", word);
	vnm_hint_command(cli, word);
	return 1;
}

static const char start_here[] = "  To begin: 'vnetmgr sandbox' is a shell where nothing of\n"
				 "  the host is changed. There 'net-apply FILE' defines and\n"
				 "  starts a network, 'net-attach NETWORK --netns NAME\n"
				 "  --create --ip auto' puts a guest on it, and 'net-doctor\n"
				 "  NETWORK' says why one is not reached. 'vnetmgr help\n"
				 "  COMMAND' tells more about a command, 'vnetmgr --help' has\n"
				 "  the options of all.\n";

static int help(struct vnm_cli *cli)
{
	const char *word = vnm_cli_value(cli, VNM_OPT_COMMAND);
	vnm_autobuf struct vnm_buf out = { 0 };
	int status = 0;

	if (word) {
		status = help_for(cli, word, &out);
	} else {
		vnm_buf_add(&out, "Grouped commands:\n\n");
		vnm_help_groups(cli->commands, cli->screen ? vnm_cli_width() : 0, &out);
		vnm_buf_add(&out, start_here);
	}
	fputs(vnm_buf_str(&out), stdout);
	return status;
}

static const struct vnm_option help_options[] = {
	{ VNM_OPT_COMMAND, VNM_OPT_ARGUMENT, "a command or the keyword of a group", VNM_ARG_HELP },
};

const struct vnm_command vnm_command_help = {
	.name = "help",
	.group = VNM_HELP_SELF,
	.summary = "print help",
	.description = "Prints all commands, those of a group, or the help of one command.",
	VNM_OPTIONS(help_options),
	.run = help,
};

static int version(struct vnm_cli *cli)
{
	if (!vnm_cli_seen(cli, VNM_OPT_JSON)) {
		puts("vnetmgr " VNM_VERSION);
		return 0;
	}
	vnm_json_set(vnm_document(cli), "program", json_string("vnetmgr"));
	vnm_json_set(vnm_document(cli), "release", json_string(VNM_VERSION));
	return 0;
}

static const struct vnm_option version_options[] = { VNM_OPTION_JSON };

const struct vnm_command vnm_command_version = {
	.name = "version",
	.group = VNM_HELP_SELF,
	.summary = "print the version",
	VNM_OPTIONS(version_options),
	.run = version,
};
