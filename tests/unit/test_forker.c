/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Children that are forked by a copy of this process. */
#define _GNU_SOURCE 1
#include "pidfd.h"
#include "runner.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/child.h"
#include "util/forker.h"
#include "util/mem.h"

const char vnm_suite[] = "util/forker";

#define LONG_MS 10000
#define FDS 64
#define MANY 100 /* more arguments than a request takes */

/* Return: what it wrote; free(). It must be a child of this process, and exit with @status. */
static char *output_of(struct vnm_child_setup setup, int status)
{
	vnm_autochild struct vnm_child child = VNM_CHILD_INIT;
	struct vnm_child_end end = { 0 };
	struct vnm_error err = { 0 };
	char *out;

	setup.listens = true;
	VNM_ASSERT_OK_FATAL(vnm_child_fork_as(&setup, &child, &err), err);
	VNM_ASSERT_INT_EQ(vnm_child_finish(&child, LONG_MS, &end), 0);
	CU_ASSERT(WIFEXITED(end.status));
	VNM_ASSERT_INT_EQ(WEXITSTATUS(end.status), status);
	out = vnm_steal(&end.out);
	vnm_child_end_clear(&end);
	return out;
}

/* It gets all that it should, this process as its parent, and no other descriptors. */
static void check_child(struct vnm_forker *forker)
{
	const char *const argv[] = {
		"/bin/sh",
		"-c",
		"cat; echo \"$A $0 $1\" $PPID; i=0;" /* by itself: a pipe would be one more */
		"while [ $i -lt 64 ]; do [ ! -e /proc/$$/fd/$i ] || printf \"$i \";"
		"i=$((i + 1)); done; exit 3",
		"two words",
		"",
		NULL
	};
	const char *const env[] = { "A=b c", "PATH=/usr/bin:/bin", NULL };
	int fd = memfd_create("test", MFD_CLOEXEC);
	vnm_autofree char *wanted = NULL, *out = NULL;

	CU_ASSERT_FATAL(fd >= 0 && write(fd, "input\n", 6) == 6 && lseek(fd, 0, SEEK_SET) == 0);
	/* Those that make has given this program are not its own. */
	for (int own = 3; own < FDS; own++)
		(void)fcntl(own, F_SETFD, FD_CLOEXEC);
	out = output_of(
		(struct vnm_child_setup){ .argv = argv, .env = env, .in_fd = fd, .forker = forker },
		3);
	wanted = vnm_asprintf("input\nb c two words  %d\n0 1 2 ", (int)getpid());
	VNM_ASSERT_STR_EQ(out, wanted);
	close(fd);
}

static void test_fork(void)
{
	struct vnm_forker *forker = vnm_forker_begin();

	CU_ASSERT_PTR_NOT_NULL_FATAL(forker);
	check_child(forker);
	check_child(forker);
	vnm_forker_end(forker);
	CU_ASSERT(waitpid(-1, NULL, WNOHANG) < 0); /* nothing is left */
	check_child(NULL);
	vnm_forker_end(NULL);
}

/* Its number, as the only child. */
static pid_t only_child(void)
{
	vnm_autofree char *path = vnm_asprintf("/proc/self/task/%d/children", (int)getpid());
	char text[32] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	CU_ASSERT_FATAL(fd >= 0 && read(fd, text, sizeof(text) - 1) > 0);
	close(fd);
	return (pid_t)atoi(text);
}

/* What is closed here is closed: a lock, the end of a pipe. */
static void test_holds_nothing(void)
{
	struct vnm_forker *forker;
	int ends[2];
	char byte;

	CU_ASSERT_FATAL(pipe2(ends, O_CLOEXEC) == 0);
	forker = vnm_forker_begin();
	CU_ASSERT_PTR_NOT_NULL_FATAL(forker);
	close(ends[1]);
	VNM_ASSERT_INT_EQ(read(ends[0], &byte, 1), 0);
	close(ends[0]);
	vnm_forker_end(forker);
}

static void test_gone(void)
{
	struct vnm_forker *forker = vnm_forker_begin();
	siginfo_t info;
	pid_t pid;

	CU_ASSERT_PTR_NOT_NULL_FATAL(forker);
	pid = only_child();
	VNM_ASSERT_INT_EQ(kill(pid, SIGTERM), 0); /* is not heard */
	check_child(forker);
	VNM_ASSERT_INT_EQ(kill(pid, SIGKILL), 0);
	VNM_ASSERT_INT_EQ(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	check_child(forker); /* as without */
	vnm_forker_end(forker);
}

/* What does not fit into a request is forked here. */
static void test_too_much(void)
{
	struct vnm_forker *forker = vnm_forker_begin();
	const char *argv[MANY + 1] = { "/bin/echo" };
	vnm_autofree char *out = NULL;

	CU_ASSERT_PTR_NOT_NULL_FATAL(forker);
	for (size_t i = 1; i < MANY; i++)
		argv[i] = "x";
	out = output_of((struct vnm_child_setup){ .argv = argv, .in_fd = -1, .forker = forker }, 0);
	VNM_ASSERT_INT_EQ((int)strlen(out), 2 * (MANY - 1));
	vnm_forker_end(forker);
}

const struct vnm_test vnm_tests[] = { { "fork", test_fork },
				      { "holds nothing", test_holds_nothing },
				      { "gone", test_gone },
				      { "too much", test_too_much },
				      { 0 } };
