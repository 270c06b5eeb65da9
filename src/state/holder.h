/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * holder.h - the lock of the run directory, and who holds it.
 *
 * A command that changes something has the lock to itself from beginning to end, with the hooks that it calls. One that only
 * reads waits a moment, since most commands are done in one, and then does without: files are replaced whole.
 */
#ifndef VNM_STATE_HOLDER_H
#define VNM_STATE_HOLDER_H

#include <stdbool.h>
#include <sys/types.h>

#include "util/error.h"

#define VNM_HOOK_RECORD \
	"hook" /* in the run directory: the hook that runs just now, see hook_process.c */

/**
 * struct vnm_hold - how the lock is wanted
 * @run_fd:  the run directory
 * @run:     its path, for messages
 * @reads:   nothing will be changed: do without it rather than wait for long
 * @again:   it was let go of for others, who come first
 * @seconds: how long to wait; negative: as long as is usual
 */
struct vnm_hold {
	int run_fd;
	const char *run;
	bool reads, again;
	int seconds;
};

int vnm_hold_take(const struct vnm_hold *hold, int *ret_fd, struct vnm_error *err);
void vnm_hold_announce(int run_fd, const char *hook, const char *network, pid_t hook_pid);

#endif
