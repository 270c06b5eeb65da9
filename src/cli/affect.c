/* SPDX-License-Identifier: GPL-2.0-or-later */
/* affect.c - options that exclude each other; which definitions a command is about: --live, --config, --current. */
#include "cli/cli_internal.h"

#include <errno.h>

/**
 * vnm_cli_refuse_both() - refuse two options that exclude each other
 * @cli:    the call
 * @first:  one
 * @second: the other
 *
 * Return: 0, or -EINVAL after the error was printed.
 */
int vnm_cli_refuse_both(struct vnm_cli *cli, enum vnm_opt first, enum vnm_opt second)
{
	if (!vnm_cli_seen(cli, first) || !vnm_cli_seen(cli, second))
		return 0;
	vnm_cli_error(cli, "Options --%s and --%s are mutually exclusive", vnm_opt_names[first],
		      vnm_opt_names[second]);
	return -EINVAL;
}

/**
 * vnm_cli_affect() - read --live, --config and --current
 * @cli: the call
 * @ret: bits of enum vnm_affect; 0 for --current, which is the default
 *
 * Return: 0, or -EINVAL after the error was printed.
 */
int vnm_cli_affect(struct vnm_cli *cli, unsigned *ret)
{
	if (vnm_cli_refuse_both(cli, VNM_OPT_CURRENT, VNM_OPT_LIVE) < 0 ||
	    vnm_cli_refuse_both(cli, VNM_OPT_CURRENT, VNM_OPT_CONFIG) < 0)
		return -EINVAL;
	*ret = (vnm_cli_seen(cli, VNM_OPT_LIVE) ? VNM_AFFECT_LIVE : 0) |
	       (vnm_cli_seen(cli, VNM_OPT_CONFIG) ? VNM_AFFECT_CONFIG : 0);
	return 0;
}
