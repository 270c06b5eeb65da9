/* SPDX-License-Identifier: GPL-2.0-or-later */
/* affect.h - --live, --config and --current: the definitions that a command affects. */
#ifndef VNM_CLI_AFFECT_H
#define VNM_CLI_AFFECT_H

#include "cli/command.h"
#include "xml/update/update.h"

/* The options of vnm_cli_affect(). */
/* clang-format off */
#define VNM_OPTIONS_AFFECT \
	{ VNM_OPT_CONFIG, 0, "affect the persistent definition: the next start" }, \
	{ VNM_OPT_LIVE, 0, "affect the active network" }, \
	{ VNM_OPT_CURRENT, 0, "the active network, or else the persistent definition (default)" }
/* clang-format on */

int vnm_cli_affect(struct vnm_cli *cli, unsigned *ret);
int vnm_cli_update(struct vnm_cli *cli, const char *name, unsigned *affect,
		   const struct vnm_update *update, struct vnm_error *err);

#endif
