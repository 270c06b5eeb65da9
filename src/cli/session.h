/* SPDX-License-Identifier: GPL-2.0-or-later */
/* session.h - opening and closing the driver, with signals deferred meanwhile. */
#ifndef VNM_CLI_SESSION_H
#define VNM_CLI_SESSION_H

#include "cli/command.h"
#include "util/error.h"

/* The network that vnm_cli_lookup() finds. */
#define VNM_NETWORK_HELP "network name or uuid"
#define VNM_OPTION_NETWORK                                         \
	{                                                          \
		VNM_OPT_NETWORK, VNM_OPT_OPERAND, VNM_NETWORK_HELP \
	}
/* One in a state: VNM_ARG_ACTIVE, ... */
#define VNM_OPTION_NETWORK_OF(type)                                      \
	{                                                                \
		VNM_OPT_NETWORK, VNM_OPT_OPERAND, VNM_NETWORK_HELP, type \
	}

/* The guard that vnm_cli_open() passes to the driver. */
/* clang-format off */
#define VNM_OPTIONS_GUARD \
	{ VNM_OPT_GUARD, VNM_OPT_HAS_VALUE | VNM_OPT_NUMBER, \
	  "restore the uplink after so many seconds unless net-confirm is run" }, \
	{ VNM_OPT_AUTO, 0, "confirm as soon as the gateway answers" }
/* clang-format on */

int vnm_cli_open(struct vnm_cli *cli);
int vnm_cli_look(struct vnm_cli *cli);
bool vnm_cli_is_public(const struct vnm_cli *cli);
int vnm_cli_yield(struct vnm_cli *cli, struct vnm_error *err);
void vnm_cli_close(struct vnm_cli *cli);
int vnm_cli_finish(struct vnm_cli *cli, int r, const struct vnm_error *err, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
int vnm_cli_lookup(struct vnm_cli *cli, char **ret_name);
void vnm_cli_deliver_signals(struct vnm_cli *cli);

#endif
