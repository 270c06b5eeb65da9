/* SPDX-License-Identifier: GPL-2.0-or-later */
/* steps_output.h - the steps of a dry run, as text or as JSON. */
#ifndef VNM_CLI_STEPS_OUTPUT_H
#define VNM_CLI_STEPS_OUTPUT_H

#include "cli/command.h"
#include "plan/op/steps.h"

struct json_t;

struct json_t *vnm_steps_document(struct vnm_cli *cli, const char *network,
				  const struct vnm_steps *steps);
void vnm_firewall_document(struct vnm_cli *cli, const struct vnm_firewall_change *change);
void vnm_cli_print_steps(struct vnm_cli *cli, const char *network, const struct vnm_steps *steps);

#endif
