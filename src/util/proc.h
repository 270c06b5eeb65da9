/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * proc.h - processes of ours: started clean, known by more than a number, signalled through a pidfd.
 *
 * A child waits at a gate until the parent has put its identity on disk; if the parent dies first the gate
 * closes and the child leaves without having become anything. So there is no moment at which a helper
 * process of ours runs without a record of it.
 */
#ifndef VNM_UTIL_PROC_H
#define VNM_UTIL_PROC_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "util/error.h"
#include "util/parse.h"

/**
 * struct vnm_proc_id - a process: the number, when it started (clock ticks since boot), in which boot.
 * @until: when it ends by itself, as vnm_now_ms() tells the time; 0: that is not known
 */
struct vnm_proc_id {
	pid_t pid;
	uint64_t start, until;
	char boot_id[VNM_UUID_STRLEN];
};

/** struct vnm_child - a process just forked, still at its gate. */
struct vnm_child {
	struct vnm_proc_id id;
	int pidfd;	/* becomes readable when it ends */
	int gate_fd;	/* write one byte: go */
	int stderr_fd;	/* what it says; end of file when it ends or detaches from it */
	int stdout_fd;	/* the same of its output; -1: that goes nowhere */
};

#define VNM_CHILD_INIT { .pidfd = -1, .gate_fd = -1, .stderr_fd = -1, .stdout_fd = -1 }
#define vnm_autochild __attribute__((cleanup(vnm_child_clear)))

int vnm_boot_id(char buf[static VNM_UUID_STRLEN]);
int vnm_proc_identify(pid_t pid, struct vnm_proc_id *ret);
int vnm_proc_open(const struct vnm_proc_id *id, const char *needle);	/* pidfd; -ESRCH: gone, or not ours */
int vnm_proc_signal(int pidfd, int sig);
/** enum vnm_proc_halt - whether a process that is there does nothing: for a signal, or because it is traced. */
enum vnm_proc_halt { VNM_PROC_RUNS, VNM_PROC_STOPPED, VNM_PROC_TRACED };

enum vnm_proc_halt vnm_proc_halted(int pidfd);
int vnm_proc_pid(int pidfd, pid_t *ret);
void vnm_proc_wait_taken(int pidfd, int sig, int timeout_ms);
int vnm_proc_wait_gone(int pidfd, int timeout_ms);	/* 0, -ETIMEDOUT, -errno */
int vnm_proc_wait_or_kill(int pidfd, int term_ms, int kill_ms);
int vnm_proc_reap(int pidfd, int *ret_status);		/* a child of ours that ended: 0; -EAGAIN, -ECHILD */
int vnm_proc_has_arg(pid_t pid, const char *arg);	/* 1, 0, -ESRCH; -EAGAIN: it has no arguments (just now) */
int vnm_pidfd_open(pid_t pid);				/* -ESRCH: no such process */
bool vnm_proc_stopped(pid_t pid);
bool vnm_proc_descends(const struct vnm_proc_id *id);
int vnm_proc_ending(pid_t pid);			/* 1: gone, dead, or past the point of no return; 0; -errno */

int64_t vnm_now_ms(void);
int vnm_poll_until(struct pollfd *fds, nfds_t n, int64_t deadline_ms);

int vnm_proc_record_write(int dirfd, const char *name, const struct vnm_proc_id *id);
int vnm_proc_record_read(int dirfd, const char *name, struct vnm_proc_id *ret);	/* -ENOENT: there is none */

/**
 * struct vnm_child_setup - what a process is to be.
 * @argv:    the program's absolute path and its arguments, NULL at the end
 * @env:     its environment, NULL at the end; NULL: PATH and LC_ALL=C
 * @in_fd:   its input; -1: /dev/null
 * @listens: somebody listens to its output, too
 * @mute:    nobody listens to its errors either, so it may go on writing them
 */
struct vnm_child_setup {
	const char *const *argv, *const *env;
	int in_fd;
	bool listens, mute;
};

/** struct vnm_child_end - how a process ended: @status as of waitpid(2), and what it wrote last (allocated). */
struct vnm_child_end {
	int status;
	char *out, *err;
};

#define VNM_GATE_NAME "vnetmgr-gate"	/* what a child is called (comm) until it becomes its program */

int vnm_child_fork(const char *const argv[], struct vnm_child *ret, struct vnm_error *err);
int vnm_child_fork_as(const struct vnm_child_setup *setup, struct vnm_child *ret,
		      struct vnm_error *err);
int vnm_child_release(struct vnm_child *child);
int vnm_child_wait_ready(struct vnm_child *child, const char *ready_text, int timeout_ms,
			 char *said, size_t said_size);
int vnm_child_finish(struct vnm_child *child, int timeout_ms, struct vnm_child_end *ret);
void vnm_child_end_clear(struct vnm_child_end *end);
void vnm_child_clear(struct vnm_child *child);

#endif
