/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sandbox.c - running a command in a private environment, and ending that environment with it.
 *
 * Theory of operation. Three processes. The outer one is what the user started; it only waits. Its child is PID 1 of
 * the new PID namespace: it builds the environment, starts the command, reaps orphans, and ends when the command
 * does; the kernel then kills the rest of the namespace. If the outer process dies, the parent-death signal kills
 * PID 1, and so everything.
 *
 * On a terminal the command is a job of its own, in a process group of its PID namespace (a shell cannot do job
 * control in a group without a number there). The outer process gives it the terminal, and stops when the command is
 * stopped, so that for the user's shell both are one job.
 */
#define _GNU_SOURCE 1
#include "sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/init.h"
#include "sandbox/namespaces.h"
#include "sandbox/terminal.h"
#include "util/mem.h"
#include "util/poll.h"

/* The user's shell has continued us, in the foreground or in the background: so the command is continued. */
static void continue_init(const struct vnm_sandbox *box)
{
	struct vnm_sandbox_order order = { .foreground = tcgetpgrp(box->tty) == getpgrp() };

	(void)send(box->channel, &order, sizeof(order), MSG_NOSIGNAL);
}

/* The command was stopped: stop like it. In a group without a shell behind it SIGTSTP does nothing. */
static void stop_self(const struct vnm_sandbox *box)
{
	vnm_sandbox_give_terminal(box->tty, getpgrp());
	raise(SIGTSTP);
	continue_init(box);
}

/* Return: true with the exit status or -errno in @ret, at the end. */
static bool read_report(const struct vnm_sandbox *box, int *ret, struct vnm_error *err)
{
	struct vnm_sandbox_report report;
	ssize_t n;

	do
		n = recv(box->channel, &report, sizeof(report), 0);
	while (n < 0 && errno == EINTR);
	if (n != sizeof(report)) {
		*ret = vnm_error_set(err, VNM_ERR_SYSTEM, ECHILD,
				     "the sandbox was ended from outside");
		return true;
	}
	switch (report.kind) {
	case VNM_SANDBOX_WARNING: fprintf(stderr, "warning: %s\n", report.err.msg); return false;
	case VNM_SANDBOX_STOPPED: stop_self(box); return false;
	case VNM_SANDBOX_ENDED: *ret = report.status; return true;
	case VNM_SANDBOX_FAILED:
		*err = report.err;
		*ret = report.err.sys ? -report.err.sys : -EINVAL;
		return true;
	}
	return false;
}

/* Return: the exit status or -errno. @continued: a signalfd for SIGCONT, -1 without a terminal. */
static int outer_loop(const struct vnm_sandbox *box, int continued, struct vnm_error *err)
{
	struct pollfd fds[] = {
		{ .fd = box->channel, .events = POLLIN },
		{ .fd = continued, .events = POLLIN },
	};

	for (;;) {
		struct signalfd_siginfo info;
		int r = vnm_poll_until(fds, VNM_ARRAY_SIZE(fds), -1);

		if (r < 0)
			return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
					     "cannot wait for the sandbox: %s", strerror(-r));
		if (fds[1].revents && read(continued, &info, sizeof(info)) > 0)
			continue_init(box);
		if (fds[0].revents && read_report(box, &r, err))
			return r;
	}
}

/* Only SIGCONT indicates that a job returned from the background. */
static int watch_continue(const struct vnm_sandbox *box)
{
	sigset_t cont;

	sigemptyset(&cont);
	sigaddset(&cont, SIGCONT);
	sigprocmask(SIG_BLOCK, &cont, NULL);
	return box->tty < 0 ? -1 : signalfd(-1, &cont, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int run_sandbox(struct vnm_sandbox *box, struct vnm_error *err)
{
	vnm_autoclose int continued = watch_continue(box);
	int ends[2], r;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, errno, "cannot create a socket: %s",
				     strerror(errno));
	fflush(NULL);
	pid = fork();
	box->channel = ends[pid == 0];
	if (pid >= 0)
		close(ends[pid != 0]);
	if (pid == 0)
		vnm_sandbox_init(box);
	if (pid < 0) {
		r = vnm_error_set(err, VNM_ERR_SYSTEM, errno, "cannot start a process: %s",
				  strerror(errno));
		close(ends[1]);
	} else {
		r = outer_loop(box, continued, err);
		/* PID 1 can be reaped when all others of its namespace are gone. */
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	close(box->channel);
	return r;
}

/* Other open descriptors of the caller are closed: a descriptor leads out of any namespace. */
static void close_inherited(void)
{
	struct rlimit limit = { .rlim_cur = 1024 };

	if (syscall(SYS_close_range, 3, ~0U, 0) == 0)
		return;
	/* Before Linux 5.9 */
	(void)getrlimit(RLIMIT_NOFILE, &limit);
	for (rlim_t fd = 3; fd < limit.rlim_cur && fd < INT_MAX; fd++)
		(void)close((int)fd);
}

static int foreground_tty(void)
{
	if (!isatty(STDIN_FILENO) || tcgetpgrp(STDIN_FILENO) != getpgrp())
		return -1;
	return fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
}

/**
 * vnm_sandbox_run() - run a command in a private environment
 * @uplink: with a simulated upstream network behind the device uplink0
 * @argv:   the command and its arguments, NULL at the end; none: the user's shell
 * @err:    set on failure
 *
 * The caller has left its own namespaces when this returns, whatever it returns, and should end. All its
 * descriptors but the standard ones are closed.
 *
 * Return: the command's exit status, 128 + the signal that ended it; or -errno when it was never run.
 */
int vnm_sandbox_run(bool uplink, char *const argv[], struct vnm_error *err)
{
	struct vnm_sandbox box = { .uplink = uplink, .argv = argv, .channel = -1, .tty = -1 };
	vnm_autoclose int tty = -1;
	pid_t lent_to;
	int r;

	close_inherited();
	tty = foreground_tty();
	r = vnm_sandbox_unshare(err);
	if (r < 0)
		return r;
	box.tty = tty;
	vnm_sandbox_borrow_signals(&box.signals);
	r = run_sandbox(&box, err);
	/*
	 * Does the command's group, which is gone, still own the terminal? In the background the user's shell does,
	 * and keeps it.
	 */
	lent_to = tty >= 0 ? tcgetpgrp(tty) : getpgrp();
	if (lent_to <= 0 || (kill(-lent_to, 0) < 0 && errno == ESRCH))
		vnm_sandbox_give_terminal(tty, getpgrp());
	vnm_sandbox_return_signals(&box.signals);
	return r;
}
