/* SPDX-License-Identifier: GPL-2.0-or-later */
/* init.c - PID 1 of the sandbox: builds the environment, starts the command, reaps orphans, and ends with the command. */
#define _GNU_SOURCE 1
#include "sandbox/init.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/devices.h"
#include "sandbox/namespaces.h"
#include "sandbox/upstream.h"
#include "util/mem.h"
#include "util/poll.h"

static void send_report(const struct vnm_sandbox *box, const struct vnm_sandbox_report *report)
{
	while (send(box->channel, report, sizeof(*report), MSG_NOSIGNAL) < 0 && errno == EINTR)
		;
}

static _Noreturn void give_up(const struct vnm_sandbox *box, const struct vnm_error *err)
{
	struct vnm_sandbox_report report = { .kind = VNM_SANDBOX_FAILED, .err = *err };

	send_report(box, &report);
	_exit(1);
}

/* A prompt of the shell's start files takes precedence; Debian's bash includes debian_chroot in it. */
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
		/* Only absolute ones: as root, never search the current directory. */
		if (full[0] != '/' || len == 0)
			continue;
		execve(full, argv, environ);
		sys = errno;
		/* A directory without search permission counts as one without the program. */
		if (access(full, F_OK) == 0)
			seen = sys;
	}
	errno = seen;
}

static char *const *command_of(const struct vnm_sandbox *box, char *shell[static 2])
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
static _Noreturn void command_main(const struct vnm_sandbox *box, int failed)
{
	char *shell[2];
	char *const *argv = command_of(box, shell);

	if (box->tty >= 0) {
		(void)setpgid(0, 0);
		vnm_sandbox_give_terminal(box->tty, getpid());
	}
	set_environment(argv == shell);
	vnm_sandbox_return_signals(&box->signals);
	exec_by_path(argv);
	(void)!write(failed, &errno, sizeof(errno));
	_exit(127);
}

static pid_t start_command(const struct vnm_sandbox *box)
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
static int reap_all(const struct vnm_sandbox *box, pid_t command)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG | (box->tty >= 0 ? WUNTRACED : 0))) > 0) {
		struct vnm_sandbox_report stopped = { .kind = VNM_SANDBOX_STOPPED };

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

static void continue_command(const struct vnm_sandbox *box, pid_t command)
{
	struct vnm_sandbox_order order;
	ssize_t n = recv(box->channel, &order, sizeof(order), 0);

	if (n == 0)
		_exit(1);
	if (n != sizeof(order))
		return;
	if (order.foreground)
		vnm_sandbox_give_terminal(box->tty, command);
	(void)kill(-command, SIGCONT);
}

static _Noreturn void init_loop(const struct vnm_sandbox *box, int children, pid_t command)
{
	struct pollfd fds[] = {
		{ .fd = children, .events = POLLIN },
		{ .fd = box->channel, .events = POLLIN },
	};

	for (;;) {
		struct vnm_sandbox_report ended = { .kind = VNM_SANDBOX_ENDED };
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

static void build_environment(const struct vnm_sandbox *box)
{
	struct vnm_warnings warnings = { 0 };
	struct vnm_error err = { 0 };

	if (vnm_sandbox_mount(&err) < 0 || vnm_sandbox_loopback(&err) < 0)
		give_up(box, &err);
	if (box->uplink && vnm_sandbox_uplink(&warnings, &err) < 0)
		give_up(box, &err);
	for (size_t i = 0; i < warnings.n; i++) {
		struct vnm_sandbox_report warning = { .kind = VNM_SANDBOX_WARNING };

		snprintf(warning.err.msg, sizeof(warning.err.msg), "%s", warnings.items[i]);
		send_report(box, &warning);
	}
	vnm_warnings_clear(&warnings);
}

/* The outer process may be gone before its death can signal us: then its end of the channel is closed. */
static bool outer_is_gone(const struct vnm_sandbox *box)
{
	struct pollfd fd = { .fd = box->channel };

	return poll(&fd, 1, 0) != 0;
}

/**
 * vnm_sandbox_init() - build the environment, run the command in it, and end with it
 * @box: the run
 *
 * In the first process of a new PID namespace. Reports to @box->channel.
 */
_Noreturn void vnm_sandbox_init(const struct vnm_sandbox *box)
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
