/* SPDX-License-Identifier: GPL-2.0-or-later */
/* args.h - from arguments to the values of options. */
#ifndef VNM_CLI_ARGS_H
#define VNM_CLI_ARGS_H

#include "cli/command.h"
#include "util/error.h"

int vnm_cli_parse(struct vnm_cli *cli, char *const argv[], struct vnm_error *err);
const struct vnm_option *vnm_cli_option(const struct vnm_command *command, const char *name,
					size_t len);
const struct vnm_option *vnm_cli_next_operand(const struct vnm_cli *cli);
const char *vnm_cli_missing(const struct vnm_cli *cli, size_t *at);

#endif
