/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * child_main.c - a child between fork() and execve(); see child.c.
 *
 * Other threads, or the C library itself, may have held a lock when the process was copied. So nothing here allocates,
 * prints by stdio, or asks for a locale: only what signal-safety(7) lists, and system calls.
 */
#define _GNU_SOURCE 1 /* dup3, strerrordesc_np */
#include "util/child_main.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "util/file.h"
#include "util/proc.h"

#define BARRIER_FD 3

static void write_stderr(const char *text)
{
	(void)!write(STDERR_FILENO, text, strlen(text));
}

/* Why execve() failed. strerror() is not allowed here; strerrordesc_np() only reads a table, but is glibc's. */
static const char *why_not_run(int error)
{
#ifdef HAVE_STRERRORDESC_NP
	const char *why = strerrordesc_np(error);

	return why ? why : "unknown error";
#else
	switch (error) {
	case EACCES: return "Permission denied";
	case EAGAIN: return "Resource temporarily unavailable";
	case ENOENT: return "No such file or directory";
	case ENOEXEC: return "Exec format error";
	case ENOMEM: return "Cannot allocate memory";
	case ENOTDIR: return "Not a directory";
	case EPERM: return "Operation not permitted";
	case ETXTBSY: return "Text file busy";
	default: return "execve() failed";
	}
#endif
}

/* Every signal to its default action, and none blocked: a blocked SIGTERM would outlive execve(). */
static void reset_signals(void)
{
	struct sigaction dfl = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (int sig = 1; sig < NSIG; sig++)
		(void)sigaction(sig, &dfl, NULL);
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* A number above the child's final descriptors; -1: /dev/null. */
static int raise_fd(int fd)
{
	int null = -1;

	if (fd < 0)
		fd = null = vnm_open(AT_FDCWD, "/dev/null", O_RDWR, 0);
	fd = fcntl(fd, F_DUPFD_CLOEXEC, BARRIER_FD + 1);
	if (null >= 0)
		close(null);
	return fd;
}

static bool put_fd(int fd, int place, int flags)
{
	int r;

	do
		r = dup3(fd, place, flags);
	while (r < 0 && errno == EINTR);
	return r >= 0;
}

/* Standard descriptors, the barrier as BARRIER_FD, and nothing else: not even our caller's lock. */
static bool place_fds(const struct vnm_child_plan *plan)
{
	int in = raise_fd(plan->in), out = raise_fd(plan->out);
	int err = raise_fd(plan->err), barrier = raise_fd(plan->barrier);

	if (in < 0 || out < 0 || err < 0 || barrier < 0)
		return false;
	if (!put_fd(in, 0, 0) || !put_fd(out, 1, 0) || !put_fd(err, 2, 0) ||
	    !put_fd(barrier, BARRIER_FD, O_CLOEXEC))
		return false;
	(void)syscall(SYS_close_range, BARRIER_FD + 1, ~0U, 0);
	return true;
}

static bool pass_barrier(void)
{
	ssize_t n;
	char byte = 0;

	if (vnm_write_all(BARRIER_FD, &byte, 1) < 0)
		return false;
	do
		n = read(BARRIER_FD, &byte, 1);
	while (n < 0 && errno == EINTR);
	(void)syscall(SYS_close_range, BARRIER_FD, ~0U, 0);
	return n == 1;
}

/**
 * vnm_child_main() - in the child: make it independent of our caller, wait at the start barrier, and become the program
 * @plan: what it needs
 */
_Noreturn void vnm_child_main(const struct vnm_child_plan *plan)
{
	(void)setsid();
	umask(022);
	if (!place_fds(plan) || chdir("/") < 0)
		_exit(127);
	reset_signals();
	(void)prctl(PR_SET_NAME, VNM_BARRIER_NAME);
	if (plan->tied)
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!pass_barrier())
		_exit(127);
	execve(plan->argv[0], (char *const *)plan->argv, (char *const *)plan->env);
	write_stderr("cannot run ");
	write_stderr(plan->argv[0]);
	write_stderr(": ");
	write_stderr(why_not_run(errno));
	write_stderr("\n");
	_exit(127);
}
