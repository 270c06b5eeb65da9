/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_confirm.c - net-confirm: at once, or when somebody at a terminal answers. */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/bulk.h"
#include "cli/option_checks.h"
#include "cli/output.h"
#include "util/mem.h"

#define TICK_MS 1000

static int confirm_one(struct vnm_cli *cli, const char *name, struct vnm_result *result)
{
	return vnm_driver_confirm(cli->driver, name, &result->err);
}

static bool is_active(const struct vnm_info *info)
{
	return info->active;
}

static bool is_named(struct vnm_driver *drv, const struct vnm_values *given, const char *name)
{
	for (size_t i = 0; i < given->n; i++) {
		vnm_autofree char *one = NULL;
		struct vnm_error ignored = { 0 };

		if (vnm_driver_lookup(drv, given->items[i], &one, &ignored) == 0 &&
		    !strcmp(one, name))
			return true;
	}
	return given->n == 0;
}

/* Of the guards that the command is about: the seconds until the first restores its uplink; -1: there is none. */
static int seconds_left(const struct vnm_cli *cli)
{
	const struct vnm_options options = { .root = cli->root, .looks = true };
	vnm_autodriver struct vnm_driver *drv = NULL;
	struct vnm_error ignored = { 0 };
	int least = -1;
	char **names;
	size_t n;

	if (vnm_driver_open(&options, &drv, &ignored) < 0 ||
	    vnm_driver_names(drv, &names, &n, &ignored) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		int left = vnm_driver_guarded(drv, names[i]) &&
					   is_named(drv, &cli->values[VNM_OPT_NETWORK], names[i])
				   ? vnm_driver_guard_left(drv, names[i])
				   : -1;

		if (left >= 0 && (least < 0 || left < least))
			least = left;
	}
	vnm_names_free(names, n);
	return least;
}

/* Return: 1 after Enter, 0 after a moment without it, -1 when nobody can press it any more. */
static int wait_for_enter(void)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	char text[64];
	ssize_t n;

	if (poll(&input, 1, TICK_MS) <= 0)
		return 0;
	n = read(STDIN_FILENO, text, sizeof(text));
	return n > 0 ? 1 : -1;
}

/* Return: 0 when the networks are to be confirmed, or none waits any more; -1 after an error message. */
static int ask(struct vnm_cli *cli)
{
	int left, r = 0;

	if (!cli->terminal || !isatty(STDIN_FILENO)) {
		vnm_cli_error(cli, "--ask needs a terminal");
		return -1;
	}
	while (r == 0 && (left = seconds_left(cli)) >= 0) {
		vnm_autofree char *line =
			vnm_asprintf("press Enter to keep the uplink; it is restored in %d "
				     "second%s ",
				     left, left == 1 ? "" : "s");

		vnm_cli_prompt(cli, line);
		r = wait_for_enter();
	}
	vnm_cli_end_progress(cli);
	if (r < 0)
		vnm_cli_error(cli, "the input has ended; nothing is confirmed");
	return r < 0 ? -1 : 0;
}

static int net_confirm(struct vnm_cli *cli)
{
	static const struct vnm_bulk confirm = {
		.wanted = is_active,
		.needs = vnm_driver_guarded,
		.one = confirm_one,
		.failed = "Failed to confirm",
		.done = "confirmed",
	};

	if (vnm_cli_refuse_both(cli, VNM_OPT_ALL, VNM_OPT_NETWORK) < 0)
		return 1;
	if (vnm_cli_seen(cli, VNM_OPT_ASK) && ask(cli) < 0)
		return 1;
	return vnm_cli_bulk(cli, &confirm);
}

static const struct vnm_option net_confirm_options[] = {
	VNM_OPTION_NETWORKS_OR_ALL(VNM_ARG_GUARDED),
	{ VNM_OPT_ALL, 0, "all networks whose uplink would be restored" },
	{ VNM_OPT_ASK, 0, "count down at the terminal, and confirm when Enter is pressed" },
};

const struct vnm_command vnm_command_net_confirm = {
	.name = "net-confirm",
	.group = VNM_HELP_LIFECYCLE,
	.flags = VNM_COMMAND_CHANGES,
	.summary = "keep an uplink that would be restored otherwise",
	.description = "Confirms that the host is still reachable, and cancels the "
		       "pending rollback of net-start --guard.",
	VNM_OPTIONS(net_confirm_options),
	.run = net_confirm,
};
