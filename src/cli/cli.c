/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cli.c - one call of the program: global options, the command, and what comes after it. */
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/args.h"
#include "cli/colour.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/document.h"
#include "cli/globals.h"
#include "cli/help.h"
#include "cli/hint.h"
#include "cli/option_checks.h"
#include "cli/output.h"
#include "cli/session.h"
#include "sys/process/dhcp_command.h"
#include "sys/process/dhcp_event.h"
#include "util/mem.h"

/*
 * A closed standard descriptor would be reused by the next file that is opened, which would get output meant for the
 * user. Its replacement is opened in the wrong direction, so that I/O fails as on a closed one.
 */
static void fill_standard_fds(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			(void)!open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
}

/* VNETMGR_ROOT stands for --root; not in a program with raised privileges. */
static int read_environment(struct vnm_cli *cli, struct vnm_error *err)
{
	const char *root = secure_getenv("VNETMGR_ROOT");

	return root && *root && !cli->root ? vnm_cli_global(cli, VNM_GLOBAL_ROOT, root, err) : 0;
}

static void print_help(const struct vnm_cli *cli, const struct vnm_command *command)
{
	vnm_autobuf struct vnm_buf out = { 0 };

	if (command)
		vnm_help_command(command, vnm_cli_width(), &out);
	else
		vnm_help_usage(vnm_commands, cli->screen ? vnm_cli_width() : 0, &out);
	fputs(vnm_buf_str(&out), stdout);
}

/* As in virsh, an empty argument is an error of the command, not of the syntax. */
static bool has_empty_value(struct vnm_cli *cli)
{
	for (size_t i = 0; i < cli->command->n_options; i++) {
		const struct vnm_option *option = &cli->command->options[i];
		const struct vnm_values *values = &cli->values[option->id];

		if (option->flags & (VNM_OPT_REST | VNM_OPT_EMPTY))
			continue;
		for (size_t k = 0; k < values->n; k++) {
			if (*values->items[k])
				continue;
			vnm_cli_error(cli, "Failed to get option '%s': Option argument is empty",
				      vnm_opt_names[option->id]);
			return true;
		}
	}
	return false;
}

/* JSON is what a command prints; one that changes something does so only in a dry run. */
static bool lacks_dry_run(struct vnm_cli *cli)
{
	for (size_t i = 0; i < cli->command->n_options; i++)
		if (cli->command->options[i].id == VNM_OPT_DRY_RUN)
			return vnm_cli_require(cli, VNM_OPT_JSON, VNM_OPT_DRY_RUN) < 0;
	return false;
}

/* Return: 0, or -1 after the error was printed. */
static int read_command(struct vnm_cli *cli, char *const argv[])
{
	struct vnm_error err = { 0 };
	const char *missing;
	size_t at = 0;
	int r = 0;

	cli->command = vnm_command_find(vnm_commands, argv[0]);
	if (!cli->command) {
		vnm_cli_error(cli, "unknown command: '%s'", argv[0]);
		vnm_hint_command(cli, argv[0]);
		return -1;
	}
	if (vnm_cli_parse(cli, argv + 1, &err) < 0) {
		vnm_cli_error(cli, "%s", err.msg);
		vnm_hint_usage(cli);
		return -1;
	}
	while ((missing = vnm_cli_missing(cli, &at))) {
		vnm_cli_error(cli, "command '%s' requires <%s> option", cli->command->name,
			      missing);
		r = -1;
	}
	if (r < 0)
		vnm_hint_missing(cli);
	return r;
}

/* Return: the exit status. */
static int run_command(struct vnm_cli *cli)
{
	int status;

	if (cli->version)
		return vnm_command_find(vnm_commands, "version")->run(cli);
	if (cli->help) {
		print_help(cli, cli->command);
		status = 0;
	} else {
		status = has_empty_value(cli) || lacks_dry_run(cli) ? 1 : cli->command->run(cli);
		vnm_cli_close(cli);
		vnm_document_print(cli);
	}
	if (!(cli->command->flags & VNM_COMMAND_BARE) || cli->help)
		vnm_cli_extra(cli, "\n");
	return status;
}

/*
 * In sequence, whether they succeed or not; but none when one of them is not a command at all. A signal deferred by
 * a command ends the program after it.
 *
 * Return: the exit status of the last one.
 */
static int run_commands(struct vnm_cli *cli, const struct vnm_command_line *commands, size_t n)
{
	vnm_autofree struct vnm_cli *calls = vnm_alloc((n + 1) * sizeof(*calls));
	bool readable = true;
	int status = 0;

	for (size_t i = 0; i < n && readable; i++) {
		calls[i] = *cli;
		calls[i].root = cli->root ? vnm_strdup(cli->root) : NULL;
		readable = read_command(&calls[i], commands[i].argv) == 0;
	}
	for (size_t i = 0; i < n && readable; i++) {
		fflush(stdout);
		vnm_cli_deliver_signals(cli);
		status = run_command(&calls[i]);
		cli->held = calls[i].held;
		cli->mask = calls[i].mask;
	}
	for (size_t i = 0; i < n; i++)
		vnm_cli_clear(&calls[i]);
	return readable ? status : 1;
}

/* A single argument may hold several commands, see command_line.c. Return: the exit status. */
static int run_arguments(struct vnm_cli *cli, int argc, char **argv)
{
	struct vnm_command_line *commands, whole = { argv, (size_t)argc };
	struct vnm_error err = { 0 };
	size_t n;
	int status;

	if (argc > 1 || !*argv[0])
		return run_commands(cli, &whole, 1);
	if (vnm_command_line_split(argv[0], &commands, &n, &err) < 0) {
		vnm_cli_error(cli, "%s", err.msg);
		return 1;
	}
	status = run_commands(cli, commands, n);
	vnm_command_lines_free(commands, n);
	return status;
}

/* After a call without a command. */
static void list_commands(const struct vnm_cli *cli)
{
	vnm_autobuf struct vnm_buf out = { 0 };

	if (cli->quiet)
		return;
	vnm_help_groups(vnm_commands, 0, &out);
	fprintf(stderr, "\n%s", vnm_buf_str(&out));
}

/* Return: the exit status. */
static int run_program(struct vnm_cli *cli, int argc, char **argv)
{
	struct vnm_error err = { 0 };
	int first = vnm_cli_read_globals(cli, argc, argv, &err);

	if (first < 0 || read_environment(cli, &err) < 0) {
		vnm_cli_error(cli, "%s", err.msg);
		vnm_hint_usage(cli);
		return 1;
	}
	if (cli->version)
		return vnm_command_find(vnm_commands, "version")->run(cli);
	if (cli->help) {
		print_help(cli, NULL);
		return 0;
	}
	if (first >= argc) {
		vnm_cli_error(cli, "no command was given. See --help.");
		list_commands(cli);
		return 1;
	}
	return run_arguments(cli, argc - first, argv + first);
}

/**
 * cli_main() - the program
 * @argc: of main()
 * @argv: of main()
 *
 * Standard output is closed on return.
 *
 * Return: the exit status. Does not return when a deferred signal ends the program.
 */
int cli_main(int argc, char **argv)
{
	struct vnm_cli cli = { .commands = vnm_commands, .wait = -1 };
	const char *dhcp = getenv(VNM_DHCP_EVENT);
	int status, lost;

	fill_standard_fds();
	if (dhcp) /* a DHCP client that we started runs us as its script */
		return vnm_dhcp_event(dhcp, argc > 1 ? argv[1] : NULL);
	cli.umask = umask(077);
	cli.terminal = isatty(STDERR_FILENO);
	cli.screen = isatty(STDOUT_FILENO);
	cli.colours = cli.screen && vnm_colours_wanted();
	status = run_program(&cli, argc, argv);
	lost = vnm_cli_finish_output(&cli);
	vnm_cli_deliver_signals(&cli);
	vnm_cli_clear(&cli);
	return lost ? lost : status;
}
