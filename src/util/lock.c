/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lock.c - flock(2) with a timeout.
 *
 * flock(2) has no timeout. Polling would lose the kernel's queue, in which first come is first served; so the wait
 * is in the kernel, and an interval timer interrupts it. The timer repeats: a single signal between arming it and
 * the flock call would be lost, and the wait endless.
 */
#include "util/lock.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/file.h>
#include <sys/time.h>
#include <time.h>

#define TICK_USEC 100000	/* between signals after the timeout */
#define NSEC_PER_SEC 1000000000

/** struct alarm_state - the process's SIGALRM setup before. */
struct alarm_state {
	struct sigaction action;
	struct itimerval timer;
	sigset_t mask;
};

static void on_alarm(int sig)
{
	(void)sig;
}

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * NSEC_PER_SEC + t.tv_nsec;
}

/* No SA_RESTART, so that the signal ends the flock call; unblocked, as we may have inherited a mask. */
static int alarm_begin(unsigned seconds, struct alarm_state *saved)
{
	const struct sigaction action = { .sa_handler = on_alarm };
	const struct itimerval timer = {
		.it_value = { .tv_sec = seconds },
		.it_interval = { .tv_usec = TICK_USEC },
	};
	sigset_t set;

	if (sigaction(SIGALRM, &action, &saved->action) < 0)
		return -errno;
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	sigprocmask(SIG_UNBLOCK, &set, &saved->mask);
	setitimer(ITIMER_REAL, &timer, &saved->timer);
	return 0;
}

/* The timer first: a signal after the old action is restored would kill the process. */
static void alarm_end(const struct alarm_state *saved)
{
	const struct itimerval off = { 0 };

	setitimer(ITIMER_REAL, &off, NULL);
	sigprocmask(SIG_SETMASK, &saved->mask, NULL);
	sigaction(SIGALRM, &saved->action, NULL);
	setitimer(ITIMER_REAL, &saved->timer, NULL);
}

/* -errno; EINTR after a signal. */
static int lock(int fd, int flags)
{
	return flock(fd, LOCK_EX | flags) < 0 ? -errno : 0;
}

/**
 * vnm_lock_wait() - take an exclusive flock(2), waiting for it if need be
 * @fd:      the file; the lock ends with its last descriptor
 * @seconds: how long to wait at most; 0: not at all
 *
 * A free lock costs one system call. Otherwise SIGALRM and the real interval timer are used during the wait, and
 * restored after it (a running timer goes on with its remaining time). The process must be single-threaded: the
 * signal goes to any thread.
 *
 * Return: 0, -ETIMEDOUT, or another -errno.
 */
int vnm_lock_wait(int fd, unsigned seconds)
{
	int64_t deadline = now_ns() + (int64_t)seconds * NSEC_PER_SEC;
	struct alarm_state saved;
	int r;

	do
		r = lock(fd, LOCK_NB);
	while (r == -EINTR);
	if (r != -EWOULDBLOCK)
		return r;
	if (!seconds)
		return -ETIMEDOUT;

	r = alarm_begin(seconds, &saved);
	if (r < 0)
		return r;
	do
		r = lock(fd, 0);
	while (r == -EINTR && now_ns() < deadline);
	alarm_end(&saved);
	return r == -EINTR ? -ETIMEDOUT : r;
}
