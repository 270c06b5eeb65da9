/* SPDX-License-Identifier: GPL-2.0-or-later */
/* gather.h - for commands about the networks that are named, or all. */
#ifndef VNM_CLI_GATHER_H
#define VNM_CLI_GATHER_H

#include "cli/command.h"
#include "util/error.h"

/** vnm_gather_fn - add the network @name to @all. Return: 0 or -errno, with @err set */
typedef int vnm_gather_fn(struct vnm_cli *cli, const char *name, void *all, struct vnm_error *err);

void vnm_cli_survey(struct vnm_cli *cli);
int vnm_cli_gather(struct vnm_cli *cli, vnm_gather_fn *add, void *all);

#endif
