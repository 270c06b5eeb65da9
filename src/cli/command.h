/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * command.h - what a command is, and one call of it.
 *
 * A command is a row with a list of option rows. Positional arguments are options as well, as in virsh: "net-start
 * keennet" is "net-start --network keennet". Reading the command line (args.c) and the help texts (help.c) follow
 * from the rows.
 */
#ifndef VNM_CLI_COMMAND_H
#define VNM_CLI_COMMAND_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "cli/options.h"
#include "driver/driver.h"
#include "util/buf.h"
#include "util/mem.h"

/** enum vnm_help_group - the heading of a command in help. That of networks, the first, has those up to VNM_HELP_GUEST below it. */
enum vnm_help_group {
	VNM_HELP_NETWORK,
	VNM_HELP_DEFINITION,
	VNM_HELP_LIFECYCLE,
	VNM_HELP_CHANGE,
	VNM_HELP_INFORMATION,
	VNM_HELP_DIAGNOSIS,
	VNM_HELP_FORWARDING,
	VNM_HELP_GUEST,
	VNM_HELP_SELF,
	VNM_HELP_COUNT
};

enum vnm_command_flag {
	VNM_COMMAND_CHANGES =
		1
		<< 0, /* it may change something: signals are deferred until it is done, see vnm_cli_open() */
	VNM_COMMAND_BARE =
		1 << 1, /* no blank line after it: its output is another program's, or for one */
	VNM_COMMAND_LATE =
		1 << 2, /* creates no directories before success is certain: struct vnm_options */
	VNM_COMMAND_HIDDEN = 1 << 3, /* for programs: help does not list it */
	VNM_COMMAND_PUBLIC = 1 << 4, /* the public summary will do: state/public.h */
};

#define VNM_STATUS_DIFFERS 2 /* net-diff: there is a difference; net-apply --dry-run: something would be done. 1 is an error, as everywhere */
#define VNM_STATUS_STOPPED 3 /* net-explain: something stops the packet */
#define VNM_STATUS_FINDINGS 3 /* net-doctor: something is wrong */
#define VNM_STATUS_PART 3 /* autostart: not all could be started, but others are up */

struct vnm_cli;
struct json_t;

/**
 * struct vnm_command - a command; defined beside its handler, in a cmd_*.c
 * @summary:     one line; @description: what help adds, NULL: nothing
 * @add_details: adds what follows from other tables to the description; NULL: nothing
 * @run:         the handler. It opens the driver with vnm_cli_open(), calls it, closes it with vnm_cli_close(), and prints
 *               last: so the lock is never held while a reader of our output is slow. Returns the exit status.
 */
struct vnm_command {
	const char *name;
	enum vnm_help_group group;
	unsigned flags;
	const char *summary, *description;
	void (*add_details)(struct vnm_buf *out);
	const struct vnm_option *options;
	size_t n_options;
	int (*run)(struct vnm_cli *cli);
};

/* Of the commands about networks; it may be left out. */
#define VNM_COMMAND_PREFIX "net-"

#define VNM_OPTIONS(list) .options = (list), .n_options = VNM_ARRAY_SIZE(list)

/** struct vnm_values - what was given for one option; the strings are argv's. */
struct vnm_values {
	bool seen;
	const char **items;
	size_t n;
};

/** struct vnm_cli - one call of the program. */
struct vnm_cli {
	const struct vnm_command *const *commands;	/* all of them; NULL at the end */
	const struct vnm_command *command;		/* the one that was given */
	struct vnm_values values[VNM_OPT_COUNT];
	bool quiet, verbose, help, version;
	const char *extra; /* the word that vnm_cli_parse() had no operand for */
	const char *stray;		/* the option that vnm_cli_parse() did not recognise, without "--" */
	const struct vnm_option
		*unfinished; /* the option that its value is missing of, at the end */
	char *root;			/* absolute; NULL: the system's directories */
	int wait;			/* seconds, for another command; negative: the default */
	struct vnm_assumed *assumed;	/* --dry-run: what it assumes done so far; from the first vnm_cli_open() on */
	struct vnm_guard guard;		/* what uplinks are started with */
	char *network; /* the one that vnm_cli_lookup() found; NULL: none */
	bool changes; /* the command may change something; it was opened at @opened_ms */
	int64_t opened_ms;
	struct vnm_driver *driver;	/* between vnm_cli_open() and vnm_cli_close() */
	bool terminal, progress;	/* stderr is one; it shows a progress line */
	int64_t progress_ms; /* when that was last written */
	bool screen, colours; /* stdout is a terminal; it has colours, which the user wants */
	mode_t umask;			/* the user's */
	bool held;			/* signals are deferred; @mask: the mask before */
	sigset_t mask;
	size_t n_targets, n_reported;	/* vnm_cli_bulk(): networks in all, and so far */
	struct json_t *document; /* with --json: what is printed in the end; NULL: nothing yet */
};

const struct vnm_command *vnm_command_find(const struct vnm_command *const *commands,
					   const char *name);
bool vnm_cli_seen(const struct vnm_cli *cli, enum vnm_opt id);
const char *vnm_cli_value(const struct vnm_cli *cli, enum vnm_opt id);
void vnm_cli_clear(struct vnm_cli *cli);

#endif
