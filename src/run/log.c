/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log.c - changes that no command was given for are logged, too. */
#include "run/log.h"

#include "state/session.h"
#include "sys/host/change_log.h"
#include "util/proc.h"

/**
 * vnm_driver_log() - log what recovery or a guard has changed
 * @drv:      the driver; another root than the system's is not logged
 * @action:   VNM_LOG_RECOVERY or VNM_LOG_GUARD
 * @network:  NULL: all of them
 * @reason:   why
 * @since_ms: when it began, as of vnm_now_ms()
 * @failure:  NULL: it was made; otherwise its message, if any, is the cause
 *
 * Return: whether somebody listens to the log.
 */
bool vnm_driver_log(const struct vnm_driver *drv, const char *action, const char *network,
		    const char *reason, int64_t since_ms, const struct vnm_error *failure)
{
	const struct vnm_logged change = {
		.action = action,
		.network = network,
		.reason = reason,
		.error = failure ? failure->msg : NULL,
		.msec = vnm_now_ms() - since_ms,
	};

	return !drv->root && vnm_change_log(&change);
}
