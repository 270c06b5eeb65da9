/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_misc.c - what is not about networks: sandbox, help, version. */
#include "cli/cli_internal.h"

#include <string.h>
#include <sys/stat.h>

#include "sandbox/sandbox.h"
#include "util/mem.h"

#ifndef VNM_VERSION
#define VNM_VERSION "unknown"
#endif

/** vnm_cmd_sandbox() - sandbox. Return: the exit status of the command that ran in it, or 1. */
int vnm_cmd_sandbox(struct vnm_cli *cli)
{
	const struct vnm_values *command = &cli->values[VNM_OPT_COMMAND];
	vnm_autofree char **argv = vnm_alloc((command->n + 1) * sizeof(*argv));
	struct vnm_error err = { 0 };
	int r;

	for (size_t i = 0; i < command->n; i++)
		argv[i] = (char *)command->items[i]; /* as main() got it */
	umask(cli->umask);
	r = vnm_sandbox_run(vnm_cli_seen(cli, VNM_OPT_UPLINK), argv, &err);
	if (r < 0)
		vnm_cli_fail(cli, &err, "Failed to run the sandbox");
	return r < 0 ? 1 : r;
}

static int help_for(struct vnm_cli *cli, const char *word, struct vnm_buf *out)
{
	const struct vnm_command *command = vnm_command_find(word);

	if (command) {
		vnm_help_command(command, vnm_cli_width(), out);
		return 0;
	}
	for (int i = 0; i < VNM_GROUP_COUNT; i++) {
		if (strcmp(vnm_groups[i].keyword, word) != 0)
			continue;
		vnm_help_group((enum vnm_command_group)i, out);
		return 0;
	}
	vnm_cli_error(cli, "command or command group '%s' doesn't exist", word);
	vnm_hint_command(cli, word);
	return 1;
}

/** vnm_cmd_help() - help. Return: the exit status. */
int vnm_cmd_help(struct vnm_cli *cli)
{
	const char *word = vnm_cli_value(cli, VNM_OPT_COMMAND);
	vnm_autobuf struct vnm_buf out = { 0 };
	int status = 0;

	if (word) {
		status = help_for(cli, word, &out);
	} else {
		vnm_buf_add(&out, "Grouped commands:\n\n");
		vnm_help_groups(&out);
	}
	fputs(vnm_buf_str(&out), stdout);
	return status;
}

/** vnm_cmd_version() - version, and --version. Return: the exit status. */
int vnm_cmd_version(struct vnm_cli *cli)
{
	(void)cli;
	puts("vnetmgr " VNM_VERSION);
	return 0;
}
