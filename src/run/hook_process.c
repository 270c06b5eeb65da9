/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hook_process.c - one hook as a process: how it is started, how long it may take, what its exit status means.
 *
 * Its pidfile record, RUN/hook, is written before it runs and removed when it has ended; so the hook of a killed
 * command is ended by the next one, before that touches anything else. What a hook leaves in the background when it
 * exits is none of our business: daemons are started in this way.
 */
#include "run/hook_process.h"

#include <errno.h>
#include <inttypes.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "state/holder.h"
#include "util/dir.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/memory_file.h"
#include "util/proc_record.h"

#define KILL_MS 10000
#define FAILED "Hook script execution failed: "
#define HOOK_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

static void add_words(const char *const *words, struct vnm_buf *out)
{
	for (; words && *words; words++)
		vnm_buf_printf(out, "%s%s", out->len ? " " : "", *words);
}

/* Its output, without the final newline; other newlines become blanks. */
static void add_speech(const struct vnm_child_end *end, struct vnm_buf *out)
{
	const char *output = end->err && *end->err ? end->err : end->out ? end->out : "";
	size_t len = strlen(output);

	while (len > 0 && (output[len - 1] == '\n' || output[len - 1] == ' '))
		len--;
	if (len > 0)
		vnm_buf_add(out, ": ");
	for (size_t i = 0; i < len; i++)
		vnm_buf_addc(out, output[i] == '\n' || output[i] == '\t' ? ' ' : output[i]);
}

static void add_end(int r, int status, struct vnm_buf *out)
{
	if (r == -ETIMEDOUT)
		vnm_buf_printf(out, " did not end within %d seconds and was killed",
			       VNM_HOOK_SECONDS);
	else if (r < 0)
		vnm_buf_printf(out, " was lost: %s", strerror(-r));
	else if (WIFSIGNALED(status))
		vnm_buf_printf(out, " unexpected fatal signal %d", WTERMSIG(status));
	else
		vnm_buf_printf(out, " unexpected exit status %d", WEXITSTATUS(status));
}

/**
 * vnm_hook_explain() - was a hook successful, and if not, why?
 * @setup: how it was called
 * @r:     what vnm_child_finish() returned
 * @end:   how it ended
 * @err:   VNM_ERR_HOOK
 *
 * Return: 0 or -errno.
 */
int vnm_hook_explain(const struct vnm_child_setup *setup, int r, const struct vnm_child_end *end,
		     struct vnm_error *err)
{
	vnm_autobuf struct vnm_buf call = { 0 }, why = { 0 };

	if (r == 0 && WIFEXITED(end->status) && WEXITSTATUS(end->status) == 0)
		return 0;
	add_words(setup->env, &call);
	add_words(setup->argv, &call);
	add_end(r, end->status, &why);
	add_speech(end, &why);
	return vnm_error_set(err, VNM_ERR_HOOK, r < 0 ? -r : ECHILD, FAILED "Child process (%s)%s",
			     vnm_buf_str(&call), vnm_buf_str(&why));
}

static int make_input(const struct vnm_buf *input, struct vnm_error *err)
{
	int fd = vnm_memory_file("hookData", vnm_buf_str(input), input->len);

	return fd < 0 ? vnm_error_set(err, VNM_ERR_HOOK, -fd, FAILED "cannot prepare its input: %s",
				      strerror(-fd))
		      : fd;
}

static int execute_as(int run_fd, const struct vnm_child_setup *setup, struct vnm_error *err)
{
	struct vnm_child_end end __attribute__((cleanup(vnm_child_end_clear))) = { 0 };
	vnm_autochild struct vnm_child child = VNM_CHILD_INIT;
	int r = vnm_child_fork_as(setup, &child, err), gone;

	if (r < 0) {
		vnm_error_prefix(err, FAILED);
		return r;
	}
	r = vnm_proc_record_write(run_fd, VNM_HOOK_RECORD, &child.id);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_HOOK, -r, FAILED "cannot record it: %s",
				     strerror(-r));
	vnm_hold_announce(run_fd, setup->argv[0], setup->argv[1], child.id.pid);
	r = vnm_child_finish(&child, VNM_HOOK_SECONDS * 1000, &end);
	vnm_hold_announce(run_fd, NULL, NULL, 0);
	r = vnm_hook_explain(setup, r, &end, err);
	gone = vnm_file_unlink(run_fd, VNM_HOOK_RECORD, VNM_VOLATILE);
	if (gone == 0 || r < 0)
		return r;
	return vnm_error_set(err, VNM_ERR_HOOK, -gone,
			     "the hook script was run, but its record cannot be removed: %s",
			     strerror(-gone));
}

static char *own_variable(void)
{
	struct vnm_proc_id self = { .pid = getpid() };

	(void)vnm_proc_identify(getpid(), &self);
	return vnm_asprintf(VNM_HOOK_VARIABLE "=%d:%" PRIu64, (int)self.pid, self.start);
}

/**
 * vnm_hook_check_caller() - are we called by a hook whose caller waits for it?
 * @err: VNM_ERR_BUSY
 *
 * That caller holds the lock, in the middle of an operation. What a hook leaves in the background may call us
 * when the caller has finished.
 *
 * Return: 0 or -EDEADLK.
 */
int vnm_hook_check_caller(struct vnm_error *err)
{
	const char *text = getenv(VNM_HOOK_VARIABLE);
	struct vnm_proc_id caller = { 0 };
	vnm_autoclose int pidfd = -1;
	int pid;

	if (!text || sscanf(text, "%d:%" SCNu64, &pid, &caller.start) != 2 ||
	    vnm_boot_id(caller.boot_id) < 0)
		return 0;
	caller.pid = pid;
	pidfd = vnm_proc_open(&caller, NULL);
	if (pidfd < 0)
		return 0;
	return vnm_error_set(
		err, VNM_ERR_BUSY, EDEADLK,
		"a hook cannot use vnetmgr: process %d, which called the hook, has not "
		"finished; what a hook needs to know is in its input",
		pid);
}

/**
 * vnm_hook_execute() - run one hook to its end
 * @run_dir: the run directory, for the pidfile record
 * @argv:    the program's absolute path and its arguments, NULL at the end
 * @input:   its input
 * @err:     VNM_ERR_HOOK
 *
 * Return: 0 or -errno.
 */
int vnm_hook_execute(const char *run_dir, const char *const argv[], const struct vnm_buf *input,
		     struct vnm_error *err)
{
	/* Not the caller's environment: a hook is to do the same at boot, and when called by sudo. */
	const struct passwd *user = getpwuid(geteuid());
	vnm_autofree char *home = vnm_asprintf("HOME=%s", user ? user->pw_dir : "/");
	vnm_autofree char *caller = own_variable();
	const char *const env[] = { "LC_ALL=C", "PATH=" HOOK_PATH, home, caller, NULL };
	struct vnm_child_setup setup = { .argv = argv, .env = env, .listens = true };
	vnm_autoclose int in_fd = make_input(input, err), run_fd = -1;

	if (in_fd < 0)
		return in_fd;
	setup.in_fd = in_fd;
	run_fd = vnm_dir_open(run_dir, 0755, err);
	return run_fd < 0 ? run_fd : execute_as(run_fd, &setup, err);
}

/* A session leader's number is its session's, too. */
static void kill_recorded(const struct vnm_proc_id *id, int pidfd)
{
	if (getsid(id->pid) == id->pid)
		(void)kill(-id->pid, SIGKILL);
	(void)vnm_proc_signal(pidfd, SIGKILL);
}

/**
 * vnm_hook_recover() - end the hook of a killed command
 * @run_fd: the run directory; the caller holds the lock
 * @notes:  gets a line when there was one
 *
 * Return: 0; -ETIMEDOUT when it does not end: its record stays; -errno.
 */
int vnm_hook_recover(int run_fd, struct vnm_warnings *notes)
{
	struct vnm_proc_id id;
	vnm_autoclose int pidfd = -1;
	int r = vnm_proc_record_read(run_fd, VNM_HOOK_RECORD, &id);

	if (r == -ENOENT)
		return 0;
	if (r == 0)
		pidfd = vnm_proc_open(&id, NULL);
	if (pidfd >= 0) {
		kill_recorded(&id, pidfd);
		r = vnm_proc_wait_gone(pidfd, KILL_MS);
		vnm_warnings_add(
			notes,
			r == 0 ? "process %d, a hook that an interrupted command had called, "
				 "was still running; it was killed"
			       : "process %d, a hook that an interrupted command had called, "
				 "cannot be killed",
			(int)id.pid);
		if (r < 0)
			return r;
	}
	return vnm_file_unlink(run_fd, VNM_HOOK_RECORD, VNM_VOLATILE);
}
