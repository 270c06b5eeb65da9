/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * child.h - helper processes, started clean, and only once their pidfile record is on disk.
 *
 * A child waits at a start barrier until the parent has written its pidfile record; if the parent dies first, the
 * barrier closes and the child exits. So no helper process ever runs without a record.
 */
#ifndef VNM_UTIL_CHILD_H
#define VNM_UTIL_CHILD_H

#include <stdbool.h>

#include "util/error.h"
#include "util/forker.h"
#include "util/proc.h"

/** struct vnm_child - a process just forked, still at its start barrier. */
struct vnm_child {
	struct vnm_proc_id id;
	int pidfd;	/* becomes readable when it ends */
	int barrier_fd;	/* write one byte: go */
	int stderr_fd;	/* its stderr; end of file when it ends or detaches from it */
	int stdout_fd;	/* its stdout; -1: /dev/null */
};

#define VNM_CHILD_INIT { .pidfd = -1, .barrier_fd = -1, .stderr_fd = -1, .stdout_fd = -1 }
#define vnm_autochild __attribute__((cleanup(vnm_child_clear)))

/**
 * struct vnm_child_setup - the program of a child.
 * @argv:    the program's absolute path and its arguments, NULL at the end
 * @env:     its environment, NULL at the end; NULL: PATH and LC_ALL=C
 * @in_fd:   its input; -1: /dev/null
 * @listens: its stdout is read, too, and the last part of it kept
 * @mute:    its stderr is not read either, so it may go on writing to it
 * @out_fd:  a file for its stdout, if all of that is wanted; 0: none
 * @tied:    it ends with us, whatever ends us: what it is at is taken back by the next command
 * @forker:  forks in our place; or NULL
 */
struct vnm_child_setup {
	const char *const *argv, *const *env;
	int in_fd;
	bool listens, mute;
	int out_fd;
	bool tied;
	struct vnm_forker *forker;
};

/** struct vnm_child_end - how a process ended: @status as of waitpid(2), and what it wrote last (allocated). */
struct vnm_child_end {
	int status;
	char *out, *err;
};

int vnm_child_fork(const char *const argv[], struct vnm_child *ret, struct vnm_error *err);
int vnm_child_fork_as(const struct vnm_child_setup *setup, struct vnm_child *ret,
		      struct vnm_error *err);
int vnm_child_release(struct vnm_child *child);
int vnm_child_wait_ready(struct vnm_child *child, const char *ready_text, int timeout_ms,
			 char *message, size_t size);
int vnm_child_finish(struct vnm_child *child, int timeout_ms, struct vnm_child_end *ret);
void vnm_child_end_clear(struct vnm_child_end *end);
void vnm_child_clear(struct vnm_child *child);

#endif
