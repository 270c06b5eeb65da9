/* SPDX-License-Identifier: GPL-2.0-or-later */
/* globals.c - global options. */
#include "cli/globals.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
