/* SPDX-License-Identifier: GPL-2.0-or-later */
/* change_log.h - the log of changes, in the host's systemd journal. */
#ifndef VNM_SYS_HOST_CHANGE_LOG_H
#define VNM_SYS_HOST_CHANGE_LOG_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct vnm_logged - a change
 * @action:  the command; what made it without one: "recovery", "guard"
 * @network: NULL: unknown
 * @user:    who wanted it; NULL: the user of this process
 * @detail:  what was changed, if the action does not say it; NULL: it does
 * @reason:  why it was made without a command; NULL: by one
 * @error:   NULL: it was made
 * @msec:    how long it took
 */
struct vnm_logged {
	const char *action, *network, *user, *detail, *reason, *error;
	int64_t msec;
};

bool vnm_change_log(const struct vnm_logged *change);

#endif
