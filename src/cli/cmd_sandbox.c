/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_sandbox.c - sandbox. */
#include <sys/stat.h>

#include "cli/output.h"
#include "sandbox/sandbox.h"
#include "util/mem.h"

static int sandbox(struct vnm_cli *cli)
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

static const struct vnm_option sandbox_options[] = {
	{ VNM_OPT_UPLINK, 0, "add a simulated upstream network behind the device uplink0" },
	{ VNM_OPT_COMMAND, VNM_OPT_ARGUMENT | VNM_OPT_MANY | VNM_OPT_REST,
	  "the command and its arguments (default: your shell)", VNM_ARG_PROGRAM },
};

const struct vnm_command vnm_command_sandbox = {
	.name = "sandbox",
	.group = VNM_HELP_SELF,
	.flags = VNM_COMMAND_BARE,
	.summary = "run a command in a private, disposable network",
	.description = "In it, networks, firewall, processes, host name, sysctl settings, "
		       "/run, /etc and vnetmgr's state are private, and end with the "
		       "command. Other files are the host's.",
	VNM_OPTIONS(sandbox_options),
	.run = sandbox,
};
