/* SPDX-License-Identifier: GPL-2.0-or-later */
/* globals.h - global options: before the command, or among its own. */
#ifndef VNM_CLI_GLOBALS_H
#define VNM_CLI_GLOBALS_H

#include <stddef.h>

#include "cli/command.h"
#include "util/error.h"

/** struct vnm_global - an option before the command (or among its own). @letter: its short form, above 255 none. */
struct vnm_global {
	const char *name;
	int letter;
	const char *value;	/* the name of its value in help; NULL: none */
	const char *help;
};

/* Above all letters. */
#define VNM_GLOBAL_ROOT 256
#define VNM_GLOBAL_WAIT 257

extern const struct vnm_global vnm_globals[];
extern const size_t vnm_n_globals;

int vnm_cli_read_globals(struct vnm_cli *cli, int argc, char **argv, struct vnm_error *err);
int vnm_cli_global(struct vnm_cli *cli, int letter, const char *value, struct vnm_error *err);

#endif
