/* SPDX-License-Identifier: GPL-2.0-or-later */
/* affect.c - --live, --config and --current: the definitions that a command affects. */
#include "cli/log.h"
#include "cli/affect.h"

#include <errno.h>

#include "cli/option_checks.h"
#include "cli/session.h"
#include "cli/steps_output.h"

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

/**
 * vnm_cli_update() - apply a change, or with --dry-run print its steps, and close the driver
 * @cli:    the call
 * @name:   the network
 * @affect: as vnm_driver_affect(); then, which definitions were changed
 * @update: the change
 * @err:    set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_cli_update(struct vnm_cli *cli, const char *name, unsigned *affect,
		   const struct vnm_update *update, struct vnm_error *err)
{
	vnm_autosteps struct vnm_steps steps = { 0 };
	int r = vnm_driver_update(cli->driver, name, *affect, update, affect, &steps, err);

	vnm_cli_log(cli, name, r < 0 ? err : NULL);
	vnm_cli_close(cli);
	if (r < 0)
		return r;
	if (vnm_cli_seen(cli, VNM_OPT_DRY_RUN))
		vnm_cli_print_steps(cli, name, &steps);
	return 0;
}
