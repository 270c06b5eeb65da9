/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session.c - opening and closing the driver, with signals deferred meanwhile.
 *
 * Theory of operation. A signal that ends the program is no disaster: the next command rolls back what this one
 * left, as after a kill -9. But it is better to leave nothing. So once a command that changes something has the
 * lock, signals of a user or a supervisor are deferred until it has finished or rolled back its work and reported
 * that; then they end the program. Opening can be interrupted: it waits for the lock, and rolls back what an earlier
 * command left, which the next one does just as well. SIGPIPE is deferred, too: a reader of our messages that goes
 * away must not end us midway.
 *
 * Processes that libvnm starts give themselves an empty signal mask.
 */
#include "cli/session.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/hint.h"
#include "cli/log.h"
#include "cli/option_checks.h"
#include "cli/output.h"
#include "state/public_read.h"
#include "util/mem.h"
#include "util/proc.h"

#define GUARD_DEFAULT 60 /* seconds */
#define GUARD_MAX 86400

static const int deferred_signals[] = { SIGHUP, SIGINT, SIGTERM, SIGPIPE };

static void hold_signals(struct vnm_cli *cli)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(deferred_signals); i++)
		sigaddset(&set, deferred_signals[i]);
	sigprocmask(SIG_BLOCK, &set, &cli->mask);
	cli->held = true;
}

/**
 * vnm_cli_deliver_signals() - deliver deferred signals
 * @cli: the call
 *
 * Does not return when one of them ends the program, with exit status 128 + its number for the shell. One that the
 * caller set to be ignored (nohup) stays ignored.
 */
void vnm_cli_deliver_signals(struct vnm_cli *cli)
{
	if (cli->held)
		sigprocmask(SIG_SETMASK, &cli->mask, NULL);
	cli->held = false;
}

static bool takes_guard(const struct vnm_cli *cli)
{
	for (size_t i = 0; i < cli->command->n_options; i++)
		if (cli->command->options[i].id == VNM_OPT_GUARD)
			return true;
	return false;
}

/*
 * A user at a terminal may be connected by the very device that becomes the uplink; a script states itself what it
 * wants. Return: 0, or -EINVAL after an error message.
 */
static int read_guard(struct vnm_cli *cli, struct vnm_guard *ret)
{
	bool given = vnm_cli_seen(cli, VNM_OPT_GUARD);
	uint32_t seconds = GUARD_DEFAULT;

	ret->automatic = vnm_cli_seen(cli, VNM_OPT_AUTO);
	if (given && vnm_cli_number(cli, VNM_OPT_GUARD, 0, GUARD_MAX, &seconds) < 0)
		return -EINVAL;
	if (given && seconds == 0 && ret->automatic) {
		vnm_cli_error(cli, "--auto needs a guard, which waits for the gateway: --guard "
				   "SECONDS");
		return -EINVAL;
	}
	ret->terminal = cli->terminal ? ttyname(STDERR_FILENO) : NULL;
	ret->unasked = !given && takes_guard(cli);
	ret->seconds = given || ret->automatic || isatty(STDIN_FILENO) ? seconds : 0;
	return 0;
}

static bool reads_only(const struct vnm_cli *cli)
{
	const struct vnm_command *command = cli->command;
	bool prints = false;

	if (!(command->flags & VNM_COMMAND_CHANGES))
		return true;
	for (size_t i = 0; i < command->n_options; i++) {
		if (!(command->options[i].flags & VNM_OPT_CHANGES))
			continue;
		if (vnm_cli_seen(cli, command->options[i].id))
			return false;
		prints = true;
	}
	return prints;
}

/** vnm_cli_is_public() - will the public summary do for this call? */
bool vnm_cli_is_public(const struct vnm_cli *cli)
{
	return (cli->command->flags & VNM_COMMAND_PUBLIC) && reads_only(cli);
}

/* @again: after commands that wait. */
static int open_driver(struct vnm_cli *cli, bool again, struct vnm_error *err)
{
	struct vnm_options options = {
		.root = cli->root,
		.reads = reads_only(cli),
		.public = vnm_cli_is_public(cli),
		.late = cli->command->flags & VNM_COMMAND_LATE,
		.again = again,
		.wait = cli->wait,
		.report = { .line = vnm_cli_report, .data = cli, .details = cli->verbose },
	};
	int r;

	if (vnm_cli_seen(cli, VNM_OPT_DRY_RUN) && !cli->assumed)
		cli->assumed = vnm_assumed_new();
	options.assumed = cli->assumed;
	cli->changes = !options.reads && !cli->assumed;
	cli->opened_ms = again ? cli->opened_ms : vnm_now_ms();
	r = vnm_driver_open(&options, &cli->driver, err);
	if (r < 0)
		return r;
	if (cli->command->flags & VNM_COMMAND_CHANGES)
		hold_signals(cli);
	vnm_driver_set_guard(cli->driver, &cli->guard);
	vnm_driver_resume_takeovers(cli->driver);
	return 0;
}

/**
 * vnm_cli_open() - open the driver for a command
 * @cli: the call; gets @cli->driver, to be closed with vnm_cli_close()
 *
 * Return: 0, or -errno after an error message.
 */
int vnm_cli_open(struct vnm_cli *cli)
{
	struct vnm_error err = { 0 };
	int r = read_guard(cli, &cli->guard);

	if (r < 0)
		return r;
	r = open_driver(cli, false, &err);
	if (r < 0)
		vnm_cli_error(cli, "%s", err.msg);
	if (r < 0 && err.code == VNM_ERR_PERMISSION)
		vnm_hint_public(cli, vnm_cli_is_public(cli));
	else if (r == 0 && cli->driver->paths.public && vnm_public_outdated(cli->driver))
		vnm_cli_hint(
			cli,
			"a command is changing networks, or was killed: this is from before it");
	return r;
}

/**
 * vnm_cli_look() - open the driver without the lock: nothing is recovered, and no other command has to wait
 * @cli: the call; gets @cli->driver, to be closed with vnm_cli_close()
 *
 * Return: 0, or -errno after an error message.
 */
int vnm_cli_look(struct vnm_cli *cli)
{
	const struct vnm_options options = {
		.root = cli->root,
		.looks = true,
		.report = { .line = vnm_cli_report, .data = cli, .details = cli->verbose },
	};
	struct vnm_error err = { 0 };
	int r = vnm_driver_open(&options, &cli->driver, &err);

	if (r < 0)
		vnm_cli_error(cli, "%s", err.msg);
	return r;
}

/**
 * vnm_cli_yield() - in the middle of a long command: let waiting commands take the lock
 * @cli: the call, with its driver open; it is closed and opened again
 * @err: set on failure: they took too long; then it stays closed
 *
 * Deferred signals are delivered meanwhile.
 *
 * Return: 0 or -errno.
 */
int vnm_cli_yield(struct vnm_cli *cli, struct vnm_error *err)
{
	vnm_cli_close(cli);
	vnm_cli_deliver_signals(cli);
	return open_driver(cli, true, err);
}

/** vnm_cli_close() - close the driver, if it is open; to be called before results are printed. */
void vnm_cli_close(struct vnm_cli *cli)
{
	vnm_driver_close(cli->driver);
	cli->driver = NULL;
	vnm_cli_end_progress(cli);
}

/**
 * vnm_cli_finish() - close the driver; report the error, if there is one
 * @cli: the call
 * @r:   what the driver returned: 0, or -errno
 * @err: the cause
 * @fmt: what failed; NULL: @err includes it
 *
 * Return: the exit status: 0 or 1.
 */
int vnm_cli_finish(struct vnm_cli *cli, int r, const struct vnm_error *err, const char *fmt, ...)
{
	va_list ap;

	vnm_cli_log(cli, cli->network, r < 0 ? err : NULL);
	vnm_cli_close(cli);
	if (r >= 0)
		return 0;
	if (fmt) {
		va_start(ap, fmt);
		vnm_cli_verror(cli, fmt, ap);
		va_end(ap);
	}
	vnm_cli_error(cli, "%s", err->msg);
	vnm_cli_hint_cause(cli, err);
	return 1;
}

/**
 * vnm_cli_lookup() - open the driver and find the one network of the command
 * @cli:      the call
 * @ret_name: its name, allocated
 *
 * Return: 0 with the driver open; or -errno after an error message.
 */
int vnm_cli_lookup(struct vnm_cli *cli, char **ret_name)
{
	const char *given = vnm_cli_value(cli, VNM_OPT_NETWORK);
	struct vnm_error err = { 0 };
	int r = vnm_cli_open(cli);

	if (r < 0)
		return r;
	r = vnm_driver_lookup(cli->driver, given, ret_name, &err);
	if (r < 0) {
		vnm_cli_close(cli);
		vnm_cli_fail(cli, &err, "failed to get network '%s'", given);
		vnm_hint_network(cli, given);
		return r;
	}
	free(cli->network);
	cli->network = vnm_strdup(*ret_name);
	return 0;
}
