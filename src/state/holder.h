/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * holder.h - the lock of the run directory, and its holder.
 *
 * A command that changes something holds the lock exclusively from beginning to end, including its hooks. One that only
 * reads waits a moment, since most commands are short, and then goes on without: files are replaced atomically.
 */
#ifndef VNM_STATE_HOLDER_H
#define VNM_STATE_HOLDER_H

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

#include "util/error.h"

#define VNM_HOOK_RECORD \
	"hook" /* in the run directory: the running hook, see hook_process.c */

/**
 * struct vnm_hold - how the lock is wanted
 * @run_fd:  the run directory
 * @run:     its path, for messages
 * @reads:   nothing will be changed: go on without it rather than wait for long
 * @again:   it was released for others, who come first
 * @seconds: how long to wait; negative: the default
 * @waits:   called, with @data, with a line about the holder before it is waited for; or NULL
 */
struct vnm_hold {
	int run_fd;
	const char *run;
	bool reads, again;
	int seconds;
	void (*waits)(void *data, const char *line);
	void *data;
};

int vnm_hold_take(const struct vnm_hold *hold, int *ret_fd, struct vnm_error *err);
int vnm_hold_release(int fd, struct timespec *ret);
bool vnm_hold_retake(int fd, const struct timespec *released, bool *others);
void vnm_hold_announce(int run_fd, const char *hook, const char *network, pid_t hook_pid);

#endif
