/* SPDX-License-Identifier: GPL-2.0-or-later */
/* globals.c - global options. */
#include "cli/globals.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/buf.h"
#include "util/mem.h"
#include "util/parse.h"

#define WAIT_MAX 86400 /* seconds */

const struct vnm_global vnm_globals[] = {
	{ "help", 'h', NULL, "print this help, or that of a command" },
	{ "quiet", 'q', NULL,
	  "print results and errors only: no success messages, headings or blank lines" },
	{ "root", VNM_GLOBAL_ROOT, "DIR", "keep all state below DIR (or VNETMGR_ROOT)" },
	{ "verbose", 'v', NULL, "report progress on standard error" },
	{ "version", 'V', NULL, "print the version" },
	{ "wait", VNM_GLOBAL_WAIT, "SECONDS", "how long to wait for another vnetmgr command" },
};
const size_t vnm_n_globals = VNM_ARRAY_SIZE(vnm_globals);

/* dnsmasq is started in the directory "/", so its paths must be absolute. */
static int set_root(struct vnm_cli *cli, const char *dir, struct vnm_error *err)
{
	vnm_autofree char *here = NULL;

	if (!*dir)
		return vnm_error_set(err, VNM_ERR_USAGE, 0, "option '--root' requires a directory");
	if (*dir != '/') {
		here = getcwd(NULL, 0);
		if (!here)
			return vnm_error_set(err, VNM_ERR_SYSTEM, errno,
					     "cannot tell where '%s' is: the working directory: %s",
					     dir, strerror(errno));
	}
	free(cli->root);
	cli->root = here ? vnm_asprintf("%s/%s", here, dir) : vnm_strdup(dir);
	return 0;
}

static int set_wait(struct vnm_cli *cli, const char *text, struct vnm_error *err)
{
	uint32_t seconds;

	if (vnm_parse_u32(text, 0, WAIT_MAX, &seconds) < 0)
		return vnm_error_set(err, VNM_ERR_USAGE, 0,
				     "Numeric value '%s' for <wait> option is malformed or out of "
				     "range",
				     text);
	cli->wait = (int)seconds;
	return 0;
}

/**
 * vnm_cli_global() - set one global option
 * @cli:    gets it
 * @letter: struct vnm_global.letter
 * @value:  its value, if it has one
 * @err:    VNM_ERR_USAGE for an invalid value
 *
 * Return: 0 or -errno.
 */
int vnm_cli_global(struct vnm_cli *cli, int letter, const char *value, struct vnm_error *err)
{
	cli->help |= letter == 'h';
	cli->quiet |= letter == 'q';
	cli->verbose |= letter == 'v';
	cli->version |= letter == 'V';
	if (letter == VNM_GLOBAL_WAIT)
		return set_wait(cli, value, err);
	return letter == VNM_GLOBAL_ROOT ? set_root(cli, value, err) : 0;
}

/* getopt_long(3)'s own forms of vnm_globals; "+": what follows the command is the command's. */
static void getopt_tables(struct option *longs, struct vnm_buf *letters)
{
	vnm_buf_add(letters, "+:");
	for (size_t i = 0; i < vnm_n_globals; i++) {
		const struct vnm_global *global = &vnm_globals[i];

		longs[i] = (struct option){
			global->name,
			global->value ? required_argument : no_argument,
			NULL,
			global->letter,
		};
		if (global->letter < VNM_GLOBAL_ROOT)
			vnm_buf_addc(letters, (char)global->letter);
	}
}

static int unknown_global(struct vnm_cli *cli, const char *arg, struct vnm_error *err)
{
	if (!strncmp(arg, "--", 2))
		cli->stray = arg + 2;
	return vnm_error_set(err, VNM_ERR_USAGE, 0, "unsupported option '%s'. See --help.", arg);
}

/**
 * vnm_cli_read_globals() - read the options before the command
 * @cli:  gets them
 * @argc: of main()
 * @argv: of main()
 * @err:  VNM_ERR_USAGE with virsh's message
 *
 * Return: the index of the command in @argv, or -errno.
 */
int vnm_cli_read_globals(struct vnm_cli *cli, int argc, char **argv, struct vnm_error *err)
{
	vnm_autofree struct option *longs = vnm_alloc((vnm_n_globals + 1) * sizeof(*longs));
	vnm_autobuf struct vnm_buf letters = { 0 };
	int letter, r = 0;

	getopt_tables(longs, &letters);
	optind = 0; /* glibc: from the beginning, and "+" is looked at again */
	while (r == 0 &&
	       (letter = getopt_long(argc, argv, vnm_buf_str(&letters), longs, NULL)) != -1) {
		if (letter == ':')
			r = vnm_error_set(err, VNM_ERR_USAGE, 0, "option '%s' requires an argument",
					  argv[optind - 1]);
		else if (letter == '?' && optopt && optopt < VNM_GLOBAL_ROOT)
			r = vnm_error_set(err, VNM_ERR_USAGE, 0,
					  "unsupported option '-%c'. See --help.", optopt);
		else if (letter == '?')
			r = unknown_global(cli, argv[optind - 1], err);
		else
			r = vnm_cli_global(cli, letter, optarg, err);
	}
	return r < 0 ? r : optind;
}
