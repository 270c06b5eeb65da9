/* SPDX-License-Identifier: GPL-2.0-or-later */
/* option_checks.h - what commands check about their options beyond the syntax. */
#ifndef VNM_CLI_OPTION_CHECKS_H
#define VNM_CLI_OPTION_CHECKS_H

#include <stdint.h>

#include "cli/command.h"

int vnm_cli_refuse_both(struct vnm_cli *cli, enum vnm_opt first, enum vnm_opt second);
int vnm_cli_require(struct vnm_cli *cli, enum vnm_opt id, enum vnm_opt other);
int vnm_cli_number(struct vnm_cli *cli, enum vnm_opt id, uint32_t min, uint32_t max, uint32_t *ret);

#endif
