/* SPDX-License-Identifier: GPL-2.0-or-later */
/* proc.h - our processes: identified by more than a number, signalled through a pidfd. */
#ifndef VNM_UTIL_PROC_H
#define VNM_UTIL_PROC_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "util/error.h"
#include "util/parse.h"
#include "util/poll.h"

/**
 * struct vnm_proc_id - a process: the number, when it started (clock ticks since boot), in which boot.
 * @until: when it ends by itself, on the clock of vnm_now_ms(); 0: unknown
 */
struct vnm_proc_id {
	pid_t pid;
	uint64_t start, until;
	char boot_id[VNM_UUID_STRLEN];
};

#define VNM_BARRIER_NAME \
	"vnetmgr-gate" /* name (comm) of a child until it becomes its program: util/child.h */

int vnm_boot_id(char buf[static VNM_UUID_STRLEN]);
int vnm_proc_identify(pid_t pid, struct vnm_proc_id *ret);
int vnm_proc_open(const struct vnm_proc_id *id, const char *needle);	/* pidfd; -ESRCH: gone, or not ours */
int vnm_proc_open_in(const char *boot_id, const struct vnm_proc_id *id, const char *needle,
		     char *ret_state);
int vnm_proc_signal(int pidfd, int sig);
/** enum vnm_proc_halt - whether a process is stopped: by a signal, or because it is traced. */
enum vnm_proc_halt { VNM_PROC_RUNS, VNM_PROC_STOPPED, VNM_PROC_TRACED };

bool vnm_proc_halts(char state);
enum vnm_proc_halt vnm_proc_halted(int pidfd, pid_t *pid);
int vnm_proc_pid(int pidfd, pid_t *ret);
void vnm_proc_wait_taken(int pidfd, int sig, int timeout_ms);
int vnm_proc_wait_gone(int pidfd, int timeout_ms);	/* 0, -ETIMEDOUT, -errno */
int vnm_proc_wait_or_kill(int pidfd, int term_ms, int kill_ms);
int vnm_proc_reap(int pidfd, int *ret_status);		/* a child of ours that ended: 0; -EAGAIN, -ECHILD */
int vnm_proc_has_arg(pid_t pid, const char *arg);	/* 1, 0, -ESRCH; -EAGAIN: it has no arguments (just now) */
char *vnm_proc_env(pid_t pid, const char *name);
int vnm_pidfd_open(pid_t pid);				/* -ESRCH: no such process */
bool vnm_proc_stopped(pid_t pid);
bool vnm_proc_descends(const struct vnm_proc_id *id);
int vnm_proc_ending(pid_t pid);			/* 1: gone, dead, or past the point of no return; 0; -errno */

#endif
