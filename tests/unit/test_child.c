/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Processes that are waited for to their end: their input, their output, how they end. */
#define _GNU_SOURCE 1
#include "pidfd.h"
#include "runner.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/child.h"
#include "util/mem.h"
#include "util/poll.h"
#include "util/proc.h"
#include "util/proc_record.h"

const char vnm_suite[] = "util/child";

#define LONG_MS 10000
#define SHORT_MS 300

/* Return: as of vnm_child_finish(). @ret_pid may be NULL. */
static int run(const char *script, const char *const *env, int in_fd, int timeout_ms,
	       struct vnm_child_end *ret, pid_t *ret_pid)
{
	const char *const argv[] = { "/bin/sh", "-c", script, NULL };
	const struct vnm_child_setup setup = { argv, env, in_fd, true };
	vnm_autochild struct vnm_child child = VNM_CHILD_INIT;
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(vnm_child_fork_as(&setup, &child, &err), err);
	if (ret_pid)
		*ret_pid = child.id.pid;
	return vnm_child_finish(&child, timeout_ms, ret);
}

/* What it wrote goes, its status stays in the return value; -errno of vnm_child_finish(). */
static int status_of(const char *script)
{
	struct vnm_child_end end = { 0 };
	int r = run(script, NULL, -1, LONG_MS, &end, NULL), status = end.status;

	vnm_child_end_clear(&end);
	return r < 0 ? r : status;
}

static void test_status(void)
{
	int status = status_of("kill -9 $$");

	VNM_ASSERT_INT_EQ(status_of("exit 0"), 0);
	VNM_ASSERT_INT_EQ(WEXITSTATUS(status_of("exit 3")), 3);
	VNM_ASSERT_INT_EQ(WEXITSTATUS(status_of("exit 137")), 137);
	CU_ASSERT(WIFSIGNALED(status));
	VNM_ASSERT_INT_EQ(WTERMSIG(status), 9);
}

static void test_what_it_writes(void)
{
	struct vnm_child_end end = { 0 };

	VNM_ASSERT_INT_EQ(run("echo out; echo err >&2; echo more", NULL, -1, LONG_MS, &end, NULL),
			  0);
	VNM_ASSERT_STR_EQ(end.out, "out\nmore\n");
	VNM_ASSERT_STR_EQ(end.err, "err\n");
	vnm_child_end_clear(&end);
	CU_ASSERT_PTR_NULL(end.out);
	/* More than the pipe holds, and than is kept. */
	VNM_ASSERT_INT_EQ(run("head -c 300000 /dev/zero | tr '\\0' x; echo end", NULL, -1, LONG_MS,
			      &end, NULL),
			  0);
	CU_ASSERT(strlen(end.out) > 1000 && strlen(end.out) <= 16384);
	VNM_ASSERT_STR_EQ(end.out + strlen(end.out) - 5, "xend\n");
	vnm_child_end_clear(&end);
}

static void test_what_it_gets(void)
{
	const char *const env[] = { "A=b c", NULL };
	struct vnm_child_end end = { 0 };
	int fd = memfd_create("test", MFD_CLOEXEC);

	CU_ASSERT_FATAL(fd >= 0 && write(fd, "input", 5) == 5 && lseek(fd, 0, SEEK_SET) == 0);
	VNM_ASSERT_INT_EQ(run("cat; echo \" $A\"", env, fd, LONG_MS, &end, NULL), 0);
	VNM_ASSERT_STR_EQ(end.out, "input b c\n");
	vnm_child_end_clear(&end);
	close(fd);
	VNM_ASSERT_INT_EQ(run("cat; echo $A", NULL, -1, LONG_MS, &end, NULL), 0);
	VNM_ASSERT_STR_EQ(end.out, "\n");
	vnm_child_end_clear(&end);
}

/* One that stops itself does nothing any more, whatever the machine's load. */
static void test_timeout(void)
{
	struct vnm_child_end end = { 0 };
	int64_t begin = vnm_now_ms();
	pid_t pid;

	VNM_ASSERT_INT_EQ(run("echo first; kill -STOP $$; echo never", NULL, -1, 1000, &end, &pid),
			  -ETIMEDOUT);
	CU_ASSERT(vnm_now_ms() - begin >= 1000);
	VNM_ASSERT_STR_EQ(end.out, "first\n");
	VNM_ASSERT_INT_EQ(kill(pid, 0), -1);
	vnm_child_end_clear(&end);
	/* One that talks all the time does not get more of it. */
	VNM_ASSERT_INT_EQ(run("while echo x; do :; done", NULL, -1, SHORT_MS, &end, &pid),
			  -ETIMEDOUT);
	VNM_ASSERT_INT_EQ(kill(pid, 0), -1);
	vnm_child_end_clear(&end);
}

/* A process holds the writing end of a pipe of ours: end of file means that it is gone. */
static void test_timeout_of_all(void)
{
	struct vnm_child_end end = { 0 };
	vnm_autofree char *script = NULL;
	int fds[2];
	char byte;

	CU_ASSERT_EQUAL_FATAL(pipe(fds), 0);
	script = vnm_asprintf("exec 9>/proc/%d/fd/%d; (kill -STOP $(exec sh -c 'echo $PPID'); :) & "
			      "kill -STOP $$",
			      (int)getpid(), fds[1]);
	VNM_ASSERT_INT_EQ(run(script, NULL, -1, SHORT_MS, &end, NULL), -ETIMEDOUT);
	close(fds[1]);
	VNM_ASSERT_INT_EQ(read(fds[0], &byte, 1), 0);
	close(fds[0]);
	vnm_child_end_clear(&end);
}

/* What it leaves in the background is not waited for, though it has the pipes; and it lives on. */
static void test_background(void)
{
	struct vnm_child_end end = { 0 };
	vnm_autofree char *script = NULL;
	int fds[2];
	char byte = 'x';

	CU_ASSERT_EQUAL_FATAL(pipe2(fds, O_CLOEXEC), 0);
	script = vnm_asprintf("exec 8</proc/%d/fd/%d; (read -r go <&8; exit 0) & echo $!",
			      (int)getpid(), fds[0]);
	VNM_ASSERT_INT_EQ(run(script, NULL, -1, LONG_MS, &end, NULL), 0);
	VNM_ASSERT_INT_EQ(kill((pid_t)atoi(end.out), 0), 0);
	VNM_ASSERT_INT_EQ(write(fds[1], &byte, 1), 1);
	close(fds[0]);
	close(fds[1]);
	vnm_child_end_clear(&end);
}

static void test_deaf_caller(void)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, before, now;

	sigaction(SIGCHLD, &ignore, &before);
	VNM_ASSERT_INT_EQ(WEXITSTATUS(status_of("exit 4")), 4);
	sigaction(SIGCHLD, &before, &now);
	CU_ASSERT_PTR_EQUAL(now.sa_handler, SIG_IGN);
}

static void test_record(void)
{
	struct vnm_test_dir dir vnm_autotestdir;
	struct vnm_proc_id id = { 0 }, read_back = { 0 };

	vnm_test_dir_make(&dir);
	VNM_ASSERT_INT_EQ(vnm_proc_record_read(dir.fd, "x", &read_back), -ENOENT);
	VNM_ASSERT_INT_EQ(vnm_proc_identify(getpid(), &id), 0);
	VNM_ASSERT_INT_EQ(vnm_proc_record_write(dir.fd, "x", &id), 0);
	VNM_ASSERT_INT_EQ(vnm_proc_record_read(dir.fd, "x", &read_back), 0);
	VNM_ASSERT_INT_EQ(read_back.pid, id.pid);
	VNM_ASSERT_INT_EQ(read_back.start, id.start);
	VNM_ASSERT_STR_EQ(read_back.boot_id, id.boot_id);
}

/* A child that has a child, which tells who it is, and waits; the child is killed. Return: whether that ended the other. */
static bool ends_with_us(bool tied)
{
	const char *const argv[] = { "/bin/sleep", "60", NULL };
	const struct vnm_child_setup setup = { .argv = argv, .in_fd = -1, .tied = tied };
	pid_t pid = 0, parent;
	bool ended;
	int ends[2], fd;

	CU_ASSERT_FATAL(pipe(ends) == 0);
	parent = fork();
	if (parent == 0) {
		struct vnm_child child = VNM_CHILD_INIT;
		struct vnm_error err = { 0 };

		if (vnm_child_fork_as(&setup, &child, &err) == 0 && vnm_child_release(&child) == 0)
			(void)!write(ends[1], &child.id.pid, sizeof(child.id.pid));
		pause();
		_exit(0);
	}
	CU_ASSERT_FATAL(read(ends[0], &pid, sizeof(pid)) == sizeof(pid));
	fd = vnm_pidfd_open(pid);
	CU_ASSERT_FATAL(fd >= 0);
	kill(parent, SIGKILL);
	waitpid(parent, NULL, 0);
	ended = vnm_proc_wait_gone(fd, tied ? LONG_MS : SHORT_MS) == 0;
	kill(pid, SIGKILL);
	close(fd);
	close(ends[0]);
	close(ends[1]);
	return ended;
}

static void test_tied(void)
{
	CU_ASSERT_TRUE(ends_with_us(true));
	CU_ASSERT_FALSE(ends_with_us(false));
}

const struct vnm_test vnm_tests[] = { { "status", test_status },
				      { "what it writes", test_what_it_writes },
				      { "what it gets", test_what_it_gets },
				      { "timeout", test_timeout },
				      { "timeout of all", test_timeout_of_all },
				      { "background", test_background },
				      { "deaf caller", test_deaf_caller },
				      { "record", test_record },
				      { "tied", test_tied },
				      { 0 } };
