/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log.c - each change is logged, with its outcome: vnetmgr(8), LOG. */
#include "cli/log.h"

#include "sys/host/change_log.h"
#include "util/proc.h"

/**
 * vnm_cli_log() - log the outcome of a command for a network
 * @cli:     the call; nothing is logged unless it may change the system's own networks
 * @network: the network; NULL: unknown
 * @failure: why it failed; NULL: it did not
 */
void vnm_cli_log(const struct vnm_cli *cli, const char *network, const struct vnm_error *failure)
{
	vnm_cli_log_detail(cli, network, NULL, failure);
}

/** vnm_cli_log_detail() - the same, with what was changed; @detail: NULL: the command says it */
void vnm_cli_log_detail(const struct vnm_cli *cli, const char *network, const char *detail,
			const struct vnm_error *failure)
{
	const struct vnm_logged change = {
		.action = cli->command->name,
		.network = network,
		.detail = detail,
		.error = failure ? failure->msg : NULL,
		.msec = vnm_now_ms() - cli->opened_ms,
	};

	if (cli->changes && !cli->root)
		vnm_change_log(&change);
}

/** vnm_cli_log_result() - the same for a network of a bulk command; one that needed nothing is no change */
void vnm_cli_log_result(const struct vnm_cli *cli, const struct vnm_result *result)
{
	if (!result->skipped)
		vnm_cli_log_detail(cli, result->name, result->detail,
				   result->failed ? &result->err : NULL);
}
