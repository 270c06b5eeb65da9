/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * child.c - starting a helper process.
 *
 * Theory of operation. Between fork() and execve() the child does only what a signal handler may do (child_main.c). It makes itself
 * independent of our caller (session, directory, umask, signals, environment, descriptors), takes the name
 * VNM_BARRIER_NAME, reports that through its start barrier, and waits there. vnm_child_fork() returns after that, so
 * the process that the parent records can be recognised at every moment: first by its name, then by its arguments.
 * The barrier is a socket pair, and only the parent has its end; if the parent ends, the child reads end of file,
 * and exits.
 */
#define _GNU_SOURCE 1 /* pipe2 */
#include "util/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/child_main.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/poll.h"

#define BARRIER_WAIT_MS 10000 /* a child needs 0.1 ms to get there */
#define PIPE_HOLDS 65536 /* the default: pipe(7) */
#define CAPTURE_MAX 16384 /* of a child's output; enough for an error at its end */

static const char *const child_env[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", NULL };

/* No handler of the parent may run in the child before vnm_child_main() has set its signals. */
static pid_t fork_quietly(const struct vnm_child_plan *plan)
{
	sigset_t all, before;
	pid_t pid;
	int saved;

	sigfillset(&all);
	(void)sigprocmask(SIG_SETMASK, &all, &before);
	pid = fork();
	if (pid == 0)
		vnm_child_main(plan);
	saved = errno;
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	return pid < 0 ? -saved : pid;
}

/* Return: the child's number, or -errno. */
static pid_t fork_child(struct vnm_forker *forker, const struct vnm_child_plan *plan)
{
	pid_t pid = vnm_forker_fork(forker, plan);

	return pid ? pid : fork_quietly(plan);
}

/* The child's report that it waits at its start barrier. */
static int wait_at_barrier(const struct vnm_child *child)
{
	struct pollfd fd = { .fd = child->barrier_fd, .events = POLLIN };
	int r = vnm_poll_until(&fd, 1, vnm_now_ms() + BARRIER_WAIT_MS);
	ssize_t n;
	char byte;

	if (r <= 0)
		return r < 0 ? r : -ETIMEDOUT;
	do
		n = read(child->barrier_fd, &byte, 1);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	return n == 1 ? 0 : -ECHILD;
}

static int fork_failed(const char *program, int r, struct vnm_error *err)
{
	if (r == -ECHILD)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "the process that was to become '%s' ended before it could",
				     program);
	return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot start a process for '%s': %s",
			     program, strerror(-r));
}

/* A pipe; the reading end is ours and nonblocking. */
static int capture_pipe(int *ours, int *its)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	*ours = fds[0];
	*its = fds[1];
	return fcntl(*ours, F_SETFL, O_NONBLOCK) < 0 ? -errno : 0;
}

/* The pipes and the barrier: our ends go into @child, its ends into @plan. */
static int connect_child(struct vnm_child_plan *plan, const struct vnm_child_setup *setup,
			 struct vnm_child *child)
{
	int ends[2], r = 0;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	child->barrier_fd = ends[0];
	plan->barrier = ends[1];
	if (!setup->mute)
		r = capture_pipe(&child->stderr_fd, &plan->err);
	if (r < 0)
		return r;
	if (setup->out_fd) {
		plan->out = fcntl(setup->out_fd, F_DUPFD_CLOEXEC, 3);
		return plan->out < 0 ? -errno : 0;
	}
	return setup->listens ? capture_pipe(&child->stdout_fd, &plan->out) : 0;
}

/* Close its ends: then its death is visible at the barrier. */
static void close_its_ends(struct vnm_child_plan *plan)
{
	vnm_cleanup_close(&plan->barrier);
	vnm_cleanup_close(&plan->err);
	vnm_cleanup_close(&plan->out);
}

/* It was not reaped, so the number is still its own. */
static int meet_at_barrier(struct vnm_child *child, pid_t pid)
{
	int r = vnm_pidfd_open(pid);

	child->id.pid = pid;
	if (r < 0)
		return r;
	child->pidfd = r;
	r = wait_at_barrier(child);
	return r < 0 ? r : vnm_proc_identify(pid, &child->id);
}

/**
 * vnm_child_fork_as() - fork a process that is ready to become a program
 * @setup: the program and its environment
 * @ret:   the process, waiting for vnm_child_release(); vnm_child_clear() in any case
 * @err:   set on failure
 *
 * The program will have a session of its own, "/" as directory, umask 022, no signal blocked or ignored, and
 * no descriptor but the standard ones.
 *
 * Return: 0 or -errno; then nothing remains.
 */
int vnm_child_fork_as(const struct vnm_child_setup *setup, struct vnm_child *ret,
		      struct vnm_error *err)
{
	vnm_autochild struct vnm_child child = VNM_CHILD_INIT;
	struct vnm_child_plan plan = { .argv = setup->argv,
				       .env = setup->env ? setup->env : child_env,
				       .barrier = -1,
				       .in = setup->in_fd,
				       .out = -1,
				       .err = -1,
				       .tied = setup->tied };
	int r = connect_child(&plan, setup, &child);
	pid_t pid = r < 0 ? r : fork_child(setup->forker, &plan);

	close_its_ends(&plan);
	r = pid < 0 ? pid : meet_at_barrier(&child, pid);
	if (r < 0)
		return fork_failed(setup->argv[0], r, err);
	*ret = child;
	child = (struct vnm_child)VNM_CHILD_INIT;
	return 0;
}

/**
 * vnm_child_fork() - vnm_child_fork_as() of a server: no input, no output, PATH and LC_ALL=C
 * @argv: the program's absolute path and its arguments, NULL at the end
 * @ret:  as there
 * @err:  as there
 *
 * Return: 0 or -errno.
 */
int vnm_child_fork(const char *const argv[], struct vnm_child *ret, struct vnm_error *err)
{
	const struct vnm_child_setup setup = { .argv = argv, .in_fd = -1 };

	return vnm_child_fork_as(&setup, ret, err);
}

/**
 * vnm_child_release() - let the process become its program
 * @child: the process, whose pidfile record is on disk now
 *
 * Return: 0; -EPIPE when it has ended; -errno.
 */
int vnm_child_release(struct vnm_child *child)
{
	char byte = 0;
	ssize_t n;

	do
		n = send(child->barrier_fd, &byte, 1, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	vnm_cleanup_close(&child->barrier_fd);
	child->barrier_fd = -1;
	return 0;
}

/* The output so far; only the end, if it is too much. */
struct capture {
	char text[CAPTURE_MAX + 1];
	size_t len;
};

/* Return: how many bytes came, 0 at end of file, -EAGAIN when nothing is there now, -errno. */
static ssize_t read_once(int fd, struct capture *capture)
{
	ssize_t n;

	if (capture->len == CAPTURE_MAX) {
		memmove(capture->text, capture->text + CAPTURE_MAX / 2, CAPTURE_MAX / 2);
		capture->len = CAPTURE_MAX / 2;
	}
	n = read(fd, capture->text + capture->len, CAPTURE_MAX - capture->len);
	if (n < 0)
		return errno == EINTR ? -EAGAIN : -errno;
	for (ssize_t i = 0; i < n; i++)
		if (capture->text[capture->len + (size_t)i] == '\0')
			capture->text[capture->len + (size_t)i] = '?';
	capture->len += (size_t)n;
	capture->text[capture->len] = '\0';
	return n;
}

/* At end of file or error? */
static bool is_closed(ssize_t got)
{
	return got <= 0 && got != -EAGAIN;
}

/* All that is in a pipe now; no more than its capacity, since a background process may go on writing. */
static void read_all(int fd, struct capture *capture)
{
	ssize_t n, sum = 0;

	do {
		n = read_once(fd, capture);
		sum += n;
	} while (n > 0 && sum < PIPE_HOLDS);
}

/* A process that ended: the rest of its output, or, if there is none, its status. */
static int ended(struct vnm_child *child, struct capture *capture)
{
	int status = -1, r = vnm_proc_wait_gone(child->pidfd, BARRIER_WAIT_MS);

	if (r < 0)
		return r;
	read_all(child->stderr_fd, capture);
	(void)vnm_proc_reap(child->pidfd, &status);
	if (capture->len > 0)
		return -ECHILD;
	if (status >= 128)
		capture->len = (size_t)snprintf(capture->text, CAPTURE_MAX,
						"it was ended by signal %d", status - 128);
	else
		capture->len = (size_t)snprintf(capture->text, CAPTURE_MAX,
						"it ended with status %d", status);
	return -ECHILD;
}

static int wait_ready(struct vnm_child *child, const char *ready_text, int64_t deadline,
		      struct capture *capture)
{
	struct pollfd fds[] = {
		{ .fd = child->stderr_fd, .events = POLLIN },
		{ .fd = child->pidfd, .events = POLLIN },
	};

	for (;;) {
		int r = vnm_poll_until(fds, VNM_ARRAY_SIZE(fds), deadline);
		ssize_t got;

		if (r <= 0)
			return r < 0 ? r : -ETIMEDOUT;
		if (fds[1].revents)
			return ended(child, capture);
		got = read_once(child->stderr_fd, capture);
		if (got < 0 && got != -EAGAIN)
			return (int)got;
		if (got != 0 && (!ready_text || !strstr(capture->text, ready_text)))
			continue;
		/* End of file: detached, or about to end. */
		r = vnm_proc_ending(child->id.pid);
		return r > 0 ? ended(child, capture) : r;
	}
}

/**
 * vnm_child_wait_ready() - wait until a released program reports that it is ready
 * @child:      the process
 * @ready_text: its output then; NULL: it closes its stderr instead. End of file means ready in any case.
 * @timeout_ms: how long to wait
 * @message:    gets its output, or, without any, its exit status
 * @size:       bytes of @message
 *
 * Return: 0; -ECHILD when it has ended (it is reaped); -ETIMEDOUT, while it still runs; -errno.
 */
int vnm_child_wait_ready(struct vnm_child *child, const char *ready_text, int timeout_ms,
			 char *message, size_t size)
{
	struct capture capture;
	int r;

	capture.len = 0;
	capture.text[0] = '\0';
	r = wait_ready(child, ready_text, vnm_now_ms() + timeout_ms, &capture);
	snprintf(message, size, "%s", capture.text);
	return r;
}

/* The session that it leads; until it is reaped, the number is not reused. */
static void kill_session(const struct vnm_child *child)
{
	(void)kill(-child->id.pid, SIGKILL);
	(void)vnm_proc_signal(child->pidfd, SIGKILL);
}

/*
 * Read until the process itself ends: its background processes may keep the pipes open. Return: 0, -ETIMEDOUT,
 * -errno.
 */
static int read_until_end(const struct vnm_child *child, int64_t deadline, struct capture *out,
			  struct capture *err)
{
	struct pollfd fds[] = {
		{ .fd = child->pidfd, .events = POLLIN },
		{ .fd = child->stderr_fd, .events = POLLIN },
		{ .fd = child->stdout_fd, .events = POLLIN },
	};
	struct capture *const captures[] = { NULL, err, out };

	for (;;) {
		int r = vnm_poll_until(fds, VNM_ARRAY_SIZE(fds), deadline);

		if (r <= 0)
			return r < 0 ? r : -ETIMEDOUT;
		if (fds[0].revents)
			return 0;
		for (size_t i = 1; i < VNM_ARRAY_SIZE(fds); i++)
			if (fds[i].revents && is_closed(read_once(fds[i].fd, captures[i])))
				fds[i].fd = -1;
		/* One that never stops writing must not exceed its timeout either. */
		if (vnm_now_ms() >= deadline)
			return -ETIMEDOUT;
	}
}

static int wait_for_end(struct vnm_child *child, int timeout_ms, struct vnm_child_end *ret)
{
	struct capture out = { .len = 0 }, err = { .len = 0 };
	int r, gone = 0;
	pid_t pid;

	r = read_until_end(child, vnm_now_ms() + timeout_ms, &out, &err);
	if (r < 0) {
		kill_session(child);
		gone = vnm_proc_wait_gone(child->pidfd, BARRIER_WAIT_MS);
	}
	read_all(child->stderr_fd, &err);
	if (child->stdout_fd >= 0)
		read_all(child->stdout_fd, &out);
	do
		pid = waitpid(child->id.pid, &ret->status, gone < 0 ? WNOHANG : 0);
	while (pid < 0 && errno == EINTR);
	ret->err = vnm_strdup(err.text);
	ret->out = vnm_strdup(out.text);
	return r;
}

/**
 * vnm_child_finish() - let a process become its program, and wait until it has ended
 * @child:      the process, whose pidfile record is on disk now
 * @timeout_ms: it and its session are killed then
 * @ret:        how it ended; free with vnm_child_end_clear() in any case
 *
 * What it started in the background lives on when it ends by itself.
 *
 * Return: 0; -ETIMEDOUT; -errno, when it could not be released or watched.
 */
int vnm_child_finish(struct vnm_child *child, int timeout_ms, struct vnm_child_end *ret)
{
	struct sigaction dfl = { .sa_handler = SIG_DFL }, before;
	int r;

	/* With SIGCHLD ignored, as a caller may have it, there is no exit status. */
	(void)sigaction(SIGCHLD, &dfl, &before);
	r = vnm_child_release(child);
	if (r == 0)
		r = wait_for_end(child, timeout_ms, ret);
	(void)sigaction(SIGCHLD, &before, NULL);
	return r;
}

/** vnm_child_end_clear() - free what vnm_child_finish() filled in. */
void vnm_child_end_clear(struct vnm_child_end *end)
{
	free(end->out);
	free(end->err);
	*end = (struct vnm_child_end){ 0 };
}

/**
 * vnm_child_clear() - let go of a process
 * @child: the process, or VNM_CHILD_INIT; it is VNM_CHILD_INIT then
 *
 * One that was not released ends, and is reaped. One that was released goes on.
 */
void vnm_child_clear(struct vnm_child *child)
{
	bool unreleased = child->barrier_fd >= 0 && child->id.pid > 0;

	vnm_cleanup_close(&child->barrier_fd);
	while (unreleased && waitpid(child->id.pid, NULL, 0) < 0 && errno == EINTR)
		;
	vnm_cleanup_close(&child->stderr_fd);
	vnm_cleanup_close(&child->stdout_fd);
	vnm_cleanup_close(&child->pidfd);
	*child = (struct vnm_child)VNM_CHILD_INIT;
}
