/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sandbox.c - running a command in a private environment, and ending that world with it.
 *
 * Theory of operation. Three processes. The outer one is what the user started; it only waits. Its child
 * is PID 1 of the new PID namespace: it builds the world, starts the command, reaps orphans, and ends
 * when the command does; the kernel then ends whatever else is left in the namespace. If the outer
 * process dies, its death signal takes PID 1, and so everything, along.
 *
 * On a terminal the command is a job of its own, in a process group that its PID namespace knows (a shell
 * cannot do job control in a group without a number). The outer process lends it the terminal, and when the
 * command is stopped, stops as well, so that for the user's shell both are one job.
 */
#define _GNU_SOURCE 1
#include "sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/devices.h"
#include "sandbox/namespaces.h"
#include "sandbox/upstream.h"
#include "util/mem.h"
#include "util/proc.h"

/* What PID 1 tells the outer process. */
enum report_kind { REPORT_WARNING, REPORT_STOPPED, REPORT_ENDED, REPORT_FAILED };

struct report {
	enum report_kind kind;
	int status;		/* REPORT_ENDED */
	struct vnm_error err;	/* REPORT_FAILED; REPORT_WARNING: the message only */
};

/* And the outer process to PID 1: go on. */
struct order {
	bool foreground;
};

/* The signals that mean something else to us than to the command, and what they were before. */
static const int borrowed[] = { SIGINT, SIGQUIT, SIGCHLD };

/**
 * struct sandbox - one run.
 * @uplink:  with an upstream network
 * @argv:    the command
 * @channel: to the other process; packets
 * @tty:     the terminal, if we are its foreground job; else -1
 * @before:  the dispositions to give back, in the order of @borrowed
 * @mask:    the signal mask to give back
 */
struct sandbox {
	bool uplink;
	char *const *argv;
	int channel, tty;
	struct sigaction before[VNM_ARRAY_SIZE(borrowed)];
	sigset_t mask;
};

static void borrow_signals(struct sandbox *box)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, dfl = { .sa_handler = SIG_DFL };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(borrowed); i++)
		sigaction(borrowed[i], borrowed[i] == SIGCHLD ? &dfl : &ignore, &box->before[i]);
	sigprocmask(SIG_BLOCK, NULL, &box->mask);
}

static void return_signals(const struct sandbox *box)
{
	for (size_t i = 0; i < VNM_ARRAY_SIZE(borrowed); i++)
		sigaction(borrowed[i], &box->before[i], NULL);
	sigprocmask(SIG_SETMASK, &box->mask, NULL);
}

/* With SIGTTOU blocked a background job may do it, too: tcsetpgrp(3). */
static void give_terminal(int tty, pid_t group)
{
	sigset_t ttou, before;

	sigemptyset(&ttou);
	sigaddset(&ttou, SIGTTOU);
	sigprocmask(SIG_BLOCK, &ttou, &before);
	(void)tcsetpgrp(tty, group);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

static void send_report(const struct sandbox *box, const struct report *report)
{
	while (send(box->channel, report, sizeof(*report), MSG_NOSIGNAL) < 0 && errno == EINTR)
		;
}

/* PID 1 */

static _Noreturn void give_up(const struct sandbox *box, const struct vnm_error *err)
{
	struct report report = { .kind = REPORT_FAILED, .err = *err };

	send_report(box, &report);
	_exit(1);
}

/* The shell's own prompt wins where its start files set one; Debian's bash takes debian_chroot into it. */
static void set_environment(bool shell)
{
	setenv("VNETMGR_ROOT", VNM_SANDBOX_ROOT, 1);
	setenv("VNETMGR_SANDBOX", "1", 1);
	unsetenv("XTABLES_LOCKFILE");
	if (!shell)
		return;
	setenv("PS1", "(sandbox) # ", 1);
	setenv("debian_chroot", "sandbox", 1);
}

/* Try what PATH finds, as a shell would. Returns only on failure, with errno. */
static void exec_by_path(char *const argv[])
{
	const char *path = getenv("PATH");
	int seen = ENOENT, sys;

	if (strchr(argv[0], '/')) {
		execve(argv[0], argv, environ);
		return;
	}
	for (const char *dir = path && *path ? path : "/usr/sbin:/usr/bin:/sbin:/bin"; *dir;) {
		size_t len = strcspn(dir, ":");
		vnm_autofree char *full = vnm_asprintf("%.*s/%s", (int)len, dir, argv[0]);

		dir += len + (dir[len] == ':');
		/* Only absolute ones: as root, the current directory is no place to look. */
		if (full[0] != '/' || len == 0)
			continue;
		execve(full, argv, environ);
		sys = errno;
		/* A directory that we may not enter has it as little as one that is not there. */
		if (access(full, F_OK) == 0)
			seen = sys;
	}
	errno = seen;
}

static char *const *command_of(const struct sandbox *box, char *shell[static 2])
{
	const char *wanted = getenv("SHELL");

	if (box->argv && box->argv[0])
		return box->argv;
	if (!wanted || wanted[0] != '/' || access(wanted, X_OK) < 0)
		wanted = "/bin/sh";
	shell[0] = (char *)wanted;
	shell[1] = NULL;
	return shell;
}

/* The command's process. @failed: gets errno; closed by execve(). */
static _Noreturn void command_main(const struct sandbox *box, int failed)
{
	char *shell[2];
	char *const *argv = command_of(box, shell);

	if (box->tty >= 0) {
		(void)setpgid(0, 0);
		give_terminal(box->tty, getpid());
	}
	set_environment(argv == shell);
	return_signals(box);
	exec_by_path(argv);
	(void)!write(failed, &errno, sizeof(errno));
	_exit(127);
}

static pid_t start_command(const struct sandbox *box)
{
	vnm_autoclose int report = -1;
	struct vnm_error err = { 0 };
	char *shell[2];
	int fds[2], sys = 0;
	pid_t pid = pipe2(fds, O_CLOEXEC) < 0 ? -1 : fork();

	if (pid == 0)
		command_main(box, fds[1]);
	if (pid < 0) {
		vnm_error_set(&err, VNM_ERR_SYSTEM, errno, "cannot start a process: %s",
			      strerror(errno));
		give_up(box, &err);
	}
	report = fds[0];
	close(fds[1]);
	if (read(report, &sys, sizeof(sys)) == sizeof(sys)) {
		vnm_error_set(&err, sys == ENOENT ? VNM_ERR_USAGE : VNM_ERR_SYSTEM, sys,
			      "cannot run '%s': %s", command_of(box, shell)[0], strerror(sys));
		give_up(box, &err);
	}
	return pid;
}

/* Reap everybody. Return: the exit status of the command when it has ended, else -1. */
static int reap_all(const struct sandbox *box, pid_t command)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG | (box->tty >= 0 ? WUNTRACED : 0))) > 0) {
		struct report stopped = { .kind = REPORT_STOPPED };

		if (pid != command)
			continue;
		if (WIFEXITED(status))
			return WEXITSTATUS(status);
		if (WIFSIGNALED(status))
			return 128 + WTERMSIG(status);
		send_report(box, &stopped);
	}
	return -1;
}

static void continue_command(const struct sandbox *box, pid_t command)
{
	struct order order;
	ssize_t n = recv(box->channel, &order, sizeof(order), 0);

	if (n == 0)
		_exit(1);
	if (n != sizeof(order))
		return;
	if (order.foreground)
		give_terminal(box->tty, command);
	(void)kill(-command, SIGCONT);
}

static _Noreturn void init_loop(const struct sandbox *box, int children, pid_t command)
{
	struct pollfd fds[] = {
		{ .fd = children, .events = POLLIN },
		{ .fd = box->channel, .events = POLLIN },
	};

	for (;;) {
		struct report ended = { .kind = REPORT_ENDED };
		struct signalfd_siginfo info;

		if (vnm_poll_until(fds, VNM_ARRAY_SIZE(fds), -1) < 0)
			_exit(1);
		if (fds[1].revents)
			continue_command(box, command);
		if (!fds[0].revents || read(children, &info, sizeof(info)) < 0)
			continue;
		ended.status = reap_all(box, command);
		if (ended.status < 0)
			continue;
		send_report(box, &ended);
		_exit(0);
	}
}

static void build_environment(const struct sandbox *box)
{
	struct vnm_warnings warnings = { 0 };
	struct vnm_error err = { 0 };

	if (vnm_sandbox_mount(&err) < 0 || vnm_sandbox_loopback(&err) < 0)
		give_up(box, &err);
	if (box->uplink && vnm_sandbox_uplink(&warnings, &err) < 0)
		give_up(box, &err);
	for (size_t i = 0; i < warnings.n; i++) {
		struct report warning = { .kind = REPORT_WARNING };

		snprintf(warning.err.msg, sizeof(warning.err.msg), "%s", warnings.items[i]);
		send_report(box, &warning);
	}
	vnm_warnings_clear(&warnings);
}

/* The outer process may be gone before its death can signal us: then its end of the channel is closed. */
static bool outer_is_gone(const struct sandbox *box)
{
	struct pollfd fd = { .fd = box->channel };

	return poll(&fd, 1, 0) != 0;
}

static _Noreturn void init_main(const struct sandbox *box)
{
	struct vnm_error err = { 0 };
	sigset_t chld;
	int children;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (outer_is_gone(box))
		_exit(1);
	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	build_environment(box);
	sigprocmask(SIG_BLOCK, &chld, NULL);
	children = signalfd(-1, &chld, SFD_CLOEXEC);
	if (children < 0) {
		vnm_error_set(&err, VNM_ERR_SYSTEM, errno, "cannot watch processes: %s",
			      strerror(errno));
		give_up(box, &err);
	}
	init_loop(box, children, start_command(box));
}

/* The outer process */

/* The user's shell let us go on, with the terminal or without: so may the command. */
static void continue_init(const struct sandbox *box)
{
	struct order order = { .foreground = tcgetpgrp(box->tty) == getpgrp() };

	(void)send(box->channel, &order, sizeof(order), MSG_NOSIGNAL);
}

/* The command was stopped: stop like it. In a group without a shell behind it SIGTSTP does nothing. */
static void stop_self(const struct sandbox *box)
{
	give_terminal(box->tty, getpgrp());
	raise(SIGTSTP);
	continue_init(box);
}

/* Return: true with the exit status or -errno in @ret, when there is nothing more to hear. */
static bool read_report(const struct sandbox *box, int *ret, struct vnm_error *err)
{
	struct report report;
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
	case REPORT_WARNING:
		fprintf(stderr, "warning: %s\n", report.err.msg);
		return false;
	case REPORT_STOPPED:
		stop_self(box);
		return false;
	case REPORT_ENDED:
		*ret = report.status;
		return true;
	case REPORT_FAILED:
		*err = report.err;
		*ret = report.err.sys ? -report.err.sys : -EINVAL;
		return true;
	}
	return false;
}

/* Return: the exit status or -errno. @continued: a signalfd for SIGCONT, -1 without a terminal. */
static int outer_loop(const struct sandbox *box, int continued, struct vnm_error *err)
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

/* Of a job that was sent to the background and fetched back, only SIGCONT tells. */
static int watch_continue(const struct sandbox *box)
{
	sigset_t cont;

	sigemptyset(&cont);
	sigaddset(&cont, SIGCONT);
	sigprocmask(SIG_BLOCK, &cont, NULL);
	return box->tty < 0 ? -1 : signalfd(-1, &cont, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int run_sandbox(struct sandbox *box, struct vnm_error *err)
{
	vnm_autoclose int continued = watch_continue(box);
	int ends[2], r;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, errno, "cannot make a socket: %s",
				     strerror(errno));
	fflush(NULL);
	pid = fork();
	box->channel = ends[pid == 0];
	if (pid >= 0)
		close(ends[pid != 0]);
	if (pid == 0)
		init_main(box);
	if (pid < 0) {
		r = vnm_error_set(err, VNM_ERR_SYSTEM, errno, "cannot start a process: %s",
				  strerror(errno));
		close(ends[1]);
	} else {
		r = outer_loop(box, continued, err);
		/* PID 1 can be waited for when all others of its namespace are gone. */
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	close(box->channel);
	return r;
}

/* What else the caller had open is not for the command: a descriptor leads out of any namespace. */
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
	struct sandbox box = { .uplink = uplink, .argv = argv, .channel = -1, .tty = -1 };
	vnm_autoclose int tty = -1;
	pid_t lent_to;
	int r;

	close_inherited();
	tty = foreground_tty();
	r = vnm_sandbox_unshare(err);
	if (r < 0)
		return r;
	box.tty = tty;
	borrow_signals(&box);
	r = run_sandbox(&box, err);
	/*
	 * Still with the command's group, which is gone? In the background the user's shell has it, and
	 * keeps it.
	 */
	lent_to = tty >= 0 ? tcgetpgrp(tty) : getpgrp();
	if (lent_to <= 0 || (kill(-lent_to, 0) < 0 && errno == ESRCH))
		give_terminal(tty, getpgrp());
	return_signals(&box);
	return r;
}
