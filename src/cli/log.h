/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log.h - each change is logged, with its outcome. */
#ifndef VNM_CLI_LOG_H
#define VNM_CLI_LOG_H

#include "cli/command.h"
#include "driver/results.h"
#include "util/error.h"

void vnm_cli_log(const struct vnm_cli *cli, const char *network, const struct vnm_error *failure);
void vnm_cli_log_detail(const struct vnm_cli *cli, const char *network, const char *detail,
			const struct vnm_error *failure);
void vnm_cli_log_result(const struct vnm_cli *cli, const struct vnm_result *result);

#endif
