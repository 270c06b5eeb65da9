/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Processes: identified by more than their number, started clean, and never without somebody who has
 * them on record.
 */
#define _GNU_SOURCE 1
#include "pidfd.h"
#include "runner.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/child.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/poll.h"
#include "util/proc.h"

const char vnm_suite[] = "util/proc";

#define LONG_MS 10000
#define N_STARTED 3

/* A process of the test's own: waits until @go is closed. */
static pid_t fork_waiting(int *go, const char *name)
{
	int fds[2];
	pid_t pid;
	char byte;

	CU_ASSERT_EQUAL_FATAL(pipe2(fds, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		close(fds[1]);
		if (name)
			prctl(PR_SET_NAME, name);
		(void)!read(fds[0], &byte, 1);
		_exit(0);
	}
	CU_ASSERT_FATAL(pid > 0);
	close(fds[0]);
	*go = fds[1];
	return pid;
}

static void finish(pid_t pid, int go)
{
	close(go);
	VNM_ASSERT_INT_EQ(waitpid(pid, NULL, 0), pid);
}

static int open_id(const struct vnm_proc_id *id, const char *needle)
{
	int fd = vnm_proc_open(id, needle);

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

static void test_identity(void)
{
	struct vnm_proc_id id = { 0 }, other;
	char boot_id[VNM_UUID_STRLEN];

	VNM_ASSERT_INT_EQ(vnm_boot_id(boot_id), 0);
	VNM_ASSERT_INT_EQ_FATAL(vnm_proc_identify(getpid(), &id), 0);
	VNM_ASSERT_INT_EQ(id.pid, getpid());
	CU_ASSERT(id.start > 0);
	VNM_ASSERT_STR_EQ(id.boot_id, boot_id);
	VNM_ASSERT_INT_EQ(strlen(boot_id), 36);
	VNM_ASSERT_INT_EQ(open_id(&id, NULL), 0);

	other = id;
	other.start++;
	VNM_ASSERT_INT_EQ(open_id(&other, NULL), -ESRCH);
	other = id;
	other.boot_id[0] = other.boot_id[0] == '0' ? '1' : '0';
	VNM_ASSERT_INT_EQ(open_id(&other, NULL), -ESRCH);
	other = id;
	other.boot_id[0] = '\0';
	VNM_ASSERT_INT_EQ(open_id(&other, NULL), -ESRCH);
	for (pid_t pid = -1; pid <= 0; pid++) {
		other = id;
		other.pid = pid;
		VNM_ASSERT_INT_EQ(open_id(&other, NULL), -ESRCH);
	}
}

static void test_strange_names(void)
{
	static const char *const names[] = {
		"a b", ") R 1 1 1", "((", "x) Z (y", ")", "a\nb)", " "
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(names); i++) {
		struct vnm_proc_id id = { 0 }, self = { 0 };
		int go = -1;
		pid_t pid = fork_waiting(&go, names[i]);

		VNM_ASSERT_INT_EQ(vnm_proc_identify(pid, &id), 0);
		VNM_ASSERT_INT_EQ(vnm_proc_identify(getpid(), &self), 0);
		/* In the same second as this test, if the field was the right one. */
		CU_ASSERT(id.start >= self.start);
		CU_ASSERT(id.start - self.start < 100000);
		VNM_ASSERT_INT_EQ(open_id(&id, NULL), 0);
		CU_ASSERT_FALSE(vnm_proc_ending(pid));
		finish(pid, go);
		VNM_ASSERT_INT_EQ(open_id(&id, NULL), -ESRCH);
		VNM_ASSERT_INT_EQ(vnm_proc_identify(pid, &id), -ESRCH);
	}
}

static void test_zombie(void)
{
	struct vnm_proc_id id = { 0 };
	int go = -1, pidfd, status = -1;
	pid_t pid = fork_waiting(&go, NULL);

	VNM_ASSERT_INT_EQ(vnm_proc_identify(pid, &id), 0);
	pidfd = vnm_proc_open(&id, NULL);
	CU_ASSERT_FATAL(pidfd >= 0);
	VNM_ASSERT_INT_EQ(vnm_proc_wait_gone(pidfd, 1), -ETIMEDOUT);
	VNM_ASSERT_INT_EQ(vnm_proc_reap(pidfd, &status), -EAGAIN);
	VNM_ASSERT_INT_EQ(vnm_proc_signal(pidfd, SIGTERM), 0);
	VNM_ASSERT_INT_EQ(vnm_proc_wait_gone(pidfd, LONG_MS), 0);
	/* Ended, but not waited for: the number is taken, the process is not there. */
	VNM_ASSERT_INT_EQ(open_id(&id, NULL), -ESRCH);
	CU_ASSERT_TRUE(vnm_proc_ending(pid));
	VNM_ASSERT_INT_EQ(vnm_proc_reap(pidfd, &status), 0);
	VNM_ASSERT_INT_EQ(status, 128 + SIGTERM);
	VNM_ASSERT_INT_EQ(vnm_proc_reap(pidfd, &status), -ECHILD);
	VNM_ASSERT_INT_EQ(vnm_proc_signal(pidfd, SIGTERM), -ESRCH);
	close(pidfd);
	close(go);
}

/* A place to wait at: "read x <FIFO" in a shell. */
static char *make_fifo(const struct vnm_test_dir *dir)
{
	char *path = vnm_asprintf("%s/fifo", dir->path);

	CU_ASSERT_EQUAL_FATAL(mkfifo(path, 0600), 0);
	return path;
}

static void start(const char *script, const char *arg, struct vnm_child *child)
{
	const char *const argv[] = { "/bin/sh", "-c", script, "sh", arg, NULL };
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(vnm_child_fork(argv, child, &err), err);
}

static void stop(struct vnm_child *child)
{
	VNM_ASSERT_INT_EQ(vnm_proc_signal(child->pidfd, SIGKILL), 0);
	VNM_ASSERT_INT_EQ(vnm_proc_wait_gone(child->pidfd, LONG_MS), 0);
	VNM_ASSERT_INT_EQ(vnm_proc_reap(child->pidfd, NULL), 0);
	vnm_child_clear(child);
}

static void test_needle(void)
{
	vnm_autotestdir struct vnm_test_dir dir;
	vnm_autofree char *fifo = NULL;
	struct vnm_child child = VNM_CHILD_INIT;
	char output[64];

	vnm_test_dir_make(&dir);
	fifo = make_fifo(&dir);
	start("exec 2>&-; read x <\"$1\"; :", fifo, &child);
	/* At the start barrier it is identified by its name, whatever its arguments are. */
	VNM_ASSERT_INT_EQ(open_id(&child.id, fifo), 0);
	VNM_ASSERT_INT_EQ(vnm_child_release(&child), 0);
	/* And at every moment from then on. */
	for (int i = 0; i < 2000; i++)
		VNM_ASSERT_INT_EQ_FATAL(open_id(&child.id, fifo), 0);
	VNM_ASSERT_INT_EQ(vnm_child_wait_ready(&child, NULL, LONG_MS, output, sizeof(output)), 0);
	VNM_ASSERT_INT_EQ(open_id(&child.id, fifo), 0);
	VNM_ASSERT_INT_EQ(open_id(&child.id, "-c"), 0);
	VNM_ASSERT_INT_EQ(open_id(&child.id, "/somewhere/else"), -ESRCH);
	fifo[strlen(fifo) - 1] = '\0';
	VNM_ASSERT_INT_EQ(open_id(&child.id, fifo), -ESRCH);
	VNM_ASSERT_INT_EQ(vnm_proc_has_arg(child.id.pid, "sh"), 1);
	VNM_ASSERT_INT_EQ(vnm_proc_has_arg(child.id.pid, "s"), 0);
	VNM_ASSERT_INT_EQ(vnm_proc_has_arg(child.id.pid, ""), 0);
	stop(&child);
	VNM_ASSERT_INT_EQ(vnm_proc_has_arg(getpid(), "/bin/sh"), 0);
}

static void test_gate_closed(void)
{
	vnm_autotestdir struct vnm_test_dir dir;
	vnm_autofree char *path = NULL;
	struct vnm_child child = VNM_CHILD_INIT;
	struct vnm_proc_id id;

	vnm_test_dir_make(&dir);
	path = vnm_asprintf("%s/made", dir.path);
	start(": >\"$1\"", path, &child);
	id = child.id;
	VNM_ASSERT_INT_EQ(open_id(&id, NULL), 0);
	vnm_child_clear(&child);
	VNM_ASSERT_INT_EQ(open_id(&id, NULL), -ESRCH);
	VNM_ASSERT_INT_EQ(waitpid(id.pid, NULL, WNOHANG), -1);
	VNM_ASSERT_INT_EQ(access(path, F_OK), -1);
	VNM_ASSERT_INT_EQ(child.pidfd, -1);

	/* The counter-test: released, it does it. */
	start(": >\"$1\"", path, &child);
	VNM_ASSERT_INT_EQ(vnm_child_release(&child), 0);
	VNM_ASSERT_INT_EQ(vnm_proc_wait_gone(child.pidfd, LONG_MS), 0);
	VNM_ASSERT_INT_EQ(access(path, F_OK), 0);
	VNM_ASSERT_INT_EQ(vnm_proc_reap(child.pidfd, NULL), 0);
	vnm_child_clear(&child);
}

/* What is killed: it starts processes, prints their pids, and does not release them. */
static _Noreturn void starter(const char *path, int pipe_fd)
{
	const char *const argv[] = { "/bin/sh", "-c", ": >\"$1\"", "sh", path, NULL };
	struct vnm_child children[N_STARTED];

	for (size_t i = 0; i < N_STARTED; i++) {
		struct vnm_error err = { 0 };

		if (vnm_child_fork(argv, &children[i], &err) < 0 ||
		    write(pipe_fd, &children[i].id, sizeof(children[i].id)) < 0)
			_exit(1);
	}
	for (;;)
		pause();
}

/* Killed between fork and release, with several children at their gates. */
static void test_parent_dies(void)
{
	vnm_autotestdir struct vnm_test_dir dir;
	vnm_autofree char *path = NULL;
	struct vnm_proc_id ids[N_STARTED];
	int fds[2], pidfds[N_STARTED];
	pid_t parent;

	vnm_test_dir_make(&dir);
	path = vnm_asprintf("%s/made", dir.path);
	CU_ASSERT_EQUAL_FATAL(pipe2(fds, O_CLOEXEC), 0);
	parent = fork();
	if (parent == 0)
		starter(path, fds[1]);
	close(fds[1]);
	for (size_t i = 0; i < N_STARTED; i++) {
		VNM_ASSERT_INT_EQ_FATAL(read(fds[0], &ids[i], sizeof(ids[i])), sizeof(ids[i]));
		pidfds[i] = vnm_proc_open(&ids[i], NULL);
		CU_ASSERT(pidfds[i] >= 0);
	}
	kill(parent, SIGKILL);
	for (size_t i = 0; i < N_STARTED; i++) {
		VNM_ASSERT_INT_EQ(vnm_proc_wait_gone(pidfds[i], LONG_MS), 0);
		close(pidfds[i]);
	}
	VNM_ASSERT_INT_EQ(waitpid(parent, NULL, 0), parent);
	VNM_ASSERT_INT_EQ(access(path, F_OK), -1);
	close(fds[0]);
}

static char *proc_text(pid_t pid, const char *name, size_t *ret_len)
{
	vnm_autofree char *path = vnm_asprintf("/proc/%d/%s", (int)pid, name);
	char *text = NULL;

	VNM_ASSERT_INT_EQ_FATAL(vnm_file_read(AT_FDCWD, path, 1 << 20, &text, ret_len), 0);
	return text;
}

static void count_fds(pid_t pid, int *low, int *high)
{
	vnm_autofree char *path = vnm_asprintf("/proc/%d/fd", (int)pid);
	DIR *dir = opendir(path);
	struct dirent *entry;

	CU_ASSERT_PTR_NOT_NULL_FATAL(dir);
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			(*(atoi(entry->d_name) <= 2 ? low : high))++;
	closedir(dir);
}

/* A set in /proc/PID/status, without 32 and 33: glibc keeps these, and its posix_spawn() ignores them. */
static uint64_t signal_set(const char *status, const char *name)
{
	const char *line = strstr(status, name);

	CU_ASSERT_PTR_NOT_NULL_FATAL(line);
	return strtoull(line + strlen(name), NULL, 16) & ~(3ULL << 31);
}

static void test_clean(void)
{
	vnm_autotestdir struct vnm_test_dir dir;
	vnm_autofree char *fifo = NULL, *env = NULL, *status = NULL, *cwd = NULL;
	struct vnm_child child = VNM_CHILD_INIT;
	int leak = open("/dev/null", O_RDONLY), low = 0, high = 0;
	char link[PATH_MAX] = "", output[64];
	static const char want[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin\0LC_ALL=C";
	sigset_t all, before;
	size_t len;

	vnm_test_dir_make(&dir);
	fifo = make_fifo(&dir);
	setenv("SECRET", "1", 1);
	signal(SIGHUP, SIG_IGN);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	umask(0);
	start("exec 2>&-; read x <\"$1\"; :", fifo, &child);
	umask(022);
	sigprocmask(SIG_SETMASK, &before, NULL);
	signal(SIGHUP, SIG_DFL);
	VNM_ASSERT_INT_EQ(vnm_child_release(&child), 0);
	VNM_ASSERT_INT_EQ(vnm_child_wait_ready(&child, NULL, LONG_MS, output, sizeof(output)), 0);

	env = proc_text(child.id.pid, "environ", &len);
	VNM_ASSERT_INT_EQ(len, sizeof(want));
	CU_ASSERT(len == sizeof(want) && !memcmp(env, want, len));
	status = proc_text(child.id.pid, "status", NULL);
	VNM_ASSERT_INT_EQ(signal_set(status, "\nSigBlk:\t"), 0);
	/* A bash that is called sh ignores SIGQUIT by itself. */
	VNM_ASSERT_INT_EQ(signal_set(status, "\nSigIgn:\t") & ~(1ULL << (SIGQUIT - 1)), 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(status, "\nUmask:\t0022\n"));
	cwd = vnm_asprintf("/proc/%d/cwd", (int)child.id.pid);
	CU_ASSERT(readlink(cwd, link, sizeof(link) - 1) > 0);
	VNM_ASSERT_STR_EQ(link, "/");
	VNM_ASSERT_INT_EQ(getsid(child.id.pid), child.id.pid);
	count_fds(child.id.pid, &low, &high);
	VNM_ASSERT_INT_EQ(high, 0);
	CU_ASSERT(low <= 3);
	stop(&child);
	close(leak);
}

/* Descriptors 0 to 2 closed here: they must not be taken for the child's. In a process of its own. */
static void test_closed_stdio(void)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		const char *const argv[] = { "/bin/sh", "-c", "echo words >&2; exit 3", NULL };
		struct vnm_child child = VNM_CHILD_INIT;
		struct vnm_error err = { 0 };
		char output[64] = "";

		for (int fd = 0; fd <= 2; fd++)
			close(fd);
		if (vnm_child_fork(argv, &child, &err) < 0 || vnm_child_release(&child) < 0)
			_exit(1);
		if (vnm_child_wait_ready(&child, NULL, LONG_MS, output, sizeof(output)) != -ECHILD)
			_exit(2);
		_exit(strcmp(output, "words\n") ? 3 : 0);
	}
	VNM_ASSERT_INT_EQ(waitpid(pid, &status, 0), pid);
	VNM_ASSERT_INT_EQ(status, 0);
}

/* Run a script to its end or readiness. */
static int run(const char *script, const char *arg, const char *ready, int timeout_ms, char *output,
	       size_t size)
{
	struct vnm_child child = VNM_CHILD_INIT;
	int r;

	start(script, arg, &child);
	VNM_ASSERT_INT_EQ(vnm_child_release(&child), 0);
	r = vnm_child_wait_ready(&child, ready, timeout_ms, output, size);
	if (r == -ECHILD) {
		VNM_ASSERT_INT_EQ(waitpid(child.id.pid, NULL, WNOHANG), -1);
		vnm_child_clear(&child);
	} else {
		CU_ASSERT_FALSE(vnm_proc_ending(child.id.pid));
		stop(&child);
	}
	return r;
}

static void test_ready(void)
{
	vnm_autotestdir struct vnm_test_dir dir;
	vnm_autofree char *fifo = NULL;
	char output[256], small[8];

	vnm_test_dir_make(&dir);
	fifo = make_fifo(&dir);
	VNM_ASSERT_INT_EQ(run("echo hm >&2; exec 2>/dev/null; read x <\"$1\"; :", fifo, NULL,
			      LONG_MS, output, sizeof(output)),
			  0);
	VNM_ASSERT_STR_EQ(output, "hm\n");
	VNM_ASSERT_INT_EQ(run("echo warm >&2; echo x: started, version 1 >&2; read x <\"$1\"; :",
			      fifo, "started, version", LONG_MS, output, sizeof(output)),
			  0);
	/* More words than anybody keeps, and the right ones at the end. */
	VNM_ASSERT_INT_EQ(
		run("i=0; while [ $i -lt 3000 ]; do echo 1234567890123456 >&2; i=$((i+1)); done;"
		    "echo started, version >&2; read x <\"$1\"; :",
		    fifo, "started, version", LONG_MS, small, sizeof(small)),
		0);
	VNM_ASSERT_STR_EQ(run("printf 'a\\0b' >&2", fifo, NULL, LONG_MS, output, sizeof(output)) ==
					  -ECHILD
				  ? output
				  : "",
			  "a?b");
}

static void test_not_ready(void)
{
	vnm_autotestdir struct vnm_test_dir dir;
	vnm_autofree char *fifo = NULL;
	char output[256];

	vnm_test_dir_make(&dir);
	fifo = make_fifo(&dir);
	VNM_ASSERT_INT_EQ(run("echo no way >&2; exit 2", "", NULL, LONG_MS, output, sizeof(output)),
			  -ECHILD);
	VNM_ASSERT_STR_EQ(output, "no way\n");
	VNM_ASSERT_INT_EQ(run("exit 2", "", NULL, LONG_MS, output, sizeof(output)), -ECHILD);
	VNM_ASSERT_STR_EQ(output, "it ended with status 2");
	VNM_ASSERT_INT_EQ(run("kill -KILL $$", "", "started", LONG_MS, output, sizeof(output)),
			  -ECHILD);
	VNM_ASSERT_STR_EQ(output, "it was ended by signal 9");
	VNM_ASSERT_INT_EQ(run("echo working >&2; read x <\"$1\"; :", fifo, NULL, 30, output,
			      sizeof(output)),
			  -ETIMEDOUT);
	VNM_ASSERT_INT_EQ(run("read x <\"$1\"; :", fifo, "started", 1, output, sizeof(output)),
			  -ETIMEDOUT);
	VNM_ASSERT_STR_EQ(output, "");
}

/* The end of a process closes its stderr a moment before it can be waited for: that is not "ready". */
static void test_end_is_not_ready(void)
{
	for (int i = 0; i < 300; i++) {
		const char *const argv[] = { "/bin/false", NULL };
		vnm_autochild struct vnm_child child = VNM_CHILD_INIT;
		struct vnm_error err = { 0 };
		char output[64];

		VNM_ASSERT_OK_FATAL(vnm_child_fork(argv, &child, &err), err);
		VNM_ASSERT_INT_EQ(vnm_child_release(&child), 0);
		VNM_ASSERT_INT_EQ_FATAL(vnm_child_wait_ready(&child, NULL, LONG_MS, output,
							     sizeof(output)),
					-ECHILD);
	}
}

static void test_no_program(void)
{
	const char *const argv[] = { "/nowhere/program", NULL };
	vnm_autochild struct vnm_child child = VNM_CHILD_INIT;
	struct vnm_error err = { 0 };
	char output[64];

	VNM_ASSERT_OK_FATAL(vnm_child_fork(argv, &child, &err), err);
	VNM_ASSERT_INT_EQ(vnm_child_release(&child), 0);
	VNM_ASSERT_INT_EQ(vnm_child_wait_ready(&child, NULL, LONG_MS, output, sizeof(output)),
			  -ECHILD);
	VNM_ASSERT_STR_EQ(output, "cannot run /nowhere/program: No such file or directory\n");
}

static volatile sig_atomic_t alarms;

static void on_alarm(int sig)
{
	(void)sig;
	alarms++;
}

/* A signal every millisecond, without SA_RESTART, cuts short no wait. */
static void test_interrupted(void)
{
	struct sigaction action = { .sa_handler = on_alarm }, before;
	const struct itimerval every = { { 0, 1000 }, { 0, 1000 } }, never = { 0 };
	int64_t begin = vnm_now_ms();
	vnm_autotestdir struct vnm_test_dir dir;
	vnm_autofree char *fifo = NULL;
	char output[64];

	vnm_test_dir_make(&dir);
	fifo = make_fifo(&dir);
	sigaction(SIGALRM, &action, &before);
	setitimer(ITIMER_REAL, &every, NULL);
	VNM_ASSERT_INT_EQ(run("read x <\"$1\"; :", fifo, NULL, 50, output, sizeof(output)),
			  -ETIMEDOUT);
	CU_ASSERT(vnm_now_ms() - begin >= 50);
	for (int i = 0; i < 20; i++)
		VNM_ASSERT_INT_EQ(run("exit 2", "", NULL, LONG_MS, output, sizeof(output)),
				  -ECHILD);
	setitimer(ITIMER_REAL, &never, NULL);
	sigaction(SIGALRM, &before, NULL);
	CU_ASSERT(alarms > 20);
}

static void test_no_leak(void)
{
	int low = 0, before = 0, after = 0;
	char output[64];

	count_fds(getpid(), &low, &before);
	for (int i = 0; i < 20; i++) {
		struct vnm_child child = VNM_CHILD_INIT;

		start("exit 0", "", &child);
		vnm_child_clear(&child);
		VNM_ASSERT_INT_EQ(run("exit 0", "", NULL, LONG_MS, output, sizeof(output)),
				  -ECHILD);
	}
	count_fds(getpid(), &low, &after);
	VNM_ASSERT_INT_EQ(after, before);
}

/* A process that does not run takes note of nothing, and is waited for as long as asked; else not at all. */
static void test_taken(void)
{
	int go, status;
	pid_t pid = fork_waiting(&go, NULL);
	vnm_autoclose int pidfd = vnm_pidfd_open(pid);
	int64_t start;

	CU_ASSERT_FATAL(pidfd >= 0);
	kill(pid, SIGSTOP);
	CU_ASSERT_EQUAL(waitpid(pid, &status, WUNTRACED), pid);
	VNM_ASSERT_INT_EQ(vnm_proc_signal(pidfd, SIGHUP), 0);
	start = vnm_now_ms();
	vnm_proc_wait_taken(pidfd, SIGHUP, 50);
	CU_ASSERT(vnm_now_ms() - start >= 50);
	start = vnm_now_ms();
	vnm_proc_wait_taken(pidfd, SIGUSR1, LONG_MS); /* which nobody has sent */
	kill(pid, SIGCONT);
	vnm_proc_wait_taken(pidfd, SIGHUP, LONG_MS);
	CU_ASSERT(vnm_now_ms() - start < LONG_MS);
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	CU_ASSERT(WIFSIGNALED(status) && WTERMSIG(status) == SIGHUP);
	close(go);
}

const struct vnm_test vnm_tests[] = {
	{ "identity", test_identity },
	{ "strange names", test_strange_names },
	{ "zombie", test_zombie },
	{ "needle", test_needle },
	{ "gate closed", test_gate_closed },
	{ "parent dies", test_parent_dies },
	{ "clean", test_clean },
	{ "closed stdio", test_closed_stdio },
	{ "ready", test_ready },
	{ "not ready", test_not_ready },
	{ "end is not ready", test_end_is_not_ready },
	{ "no program", test_no_program },
	{ "interrupted", test_interrupted },
	{ "taken", test_taken },
	{ "no leak", test_no_leak },
	{ 0 }
};
