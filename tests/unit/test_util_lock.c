/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A lock between processes: had at once, waited for, given up after a time. */
#include "runner.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "util/file.h"
#include "util/lock.h"
#include "util/mem.h"

const char vnm_suite[] = "util/lock";

/** struct holder - another process that has the lock until it is released. */
struct holder {
	pid_t pid;
	int tell;	/* closed: let go */
	ino_t inode;
};

static int open_lock(const struct vnm_test_dir *d)
{
	return openat(d->fd, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

static void holder_start(const struct vnm_test_dir *d, struct holder *h)
{
	int ready[2], tell[2];
	struct stat st;
	char c;

	CU_ASSERT_FATAL(pipe(ready) == 0 && pipe(tell) == 0);
	fflush(NULL);
	h->pid = fork();
	CU_ASSERT_FATAL(h->pid >= 0);
	if (h->pid == 0) {
		close(tell[1]);
		if (vnm_lock_wait(open_lock(d), 0) < 0 || write(ready[1], "x", 1) != 1)
			_exit(1);
		_exit(read(tell[0], &c, 1) == 0 ? 0 : 1);
	}
	close(ready[1]);
	close(tell[0]);
	VNM_ASSERT_INT_EQ_FATAL(read(ready[0], &c, 1), 1);
	close(ready[0]);
	h->tell = tell[1];
	VNM_ASSERT_INT_EQ(fstatat(d->fd, "lock", &st, 0), 0);
	h->inode = st.st_ino;
}

static void holder_end(struct holder *h)
{
	int status = 1;

	close(h->tell);
	VNM_ASSERT_INT_EQ(waitpid(h->pid, &status, 0), h->pid);
	VNM_ASSERT_INT_EQ(status, 0);
}

static long long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static void test_lock_free(void)
{
	vnm_autotestdir struct vnm_test_dir d;
	struct holder h;
	int fd;

	vnm_test_dir_make(&d);
	fd = open_lock(&d);
	VNM_ASSERT_INT_EQ(vnm_lock_wait(fd, 30), 0);
	VNM_ASSERT_INT_EQ(vnm_lock_wait(fd, 30), 0);
	close(fd);
	/* Its last descriptor is closed, so another process gets it. */
	holder_start(&d, &h);
	holder_end(&h);
	VNM_ASSERT_INT_EQ(vnm_lock_wait(-1, 1), -EBADF);
}

static void test_lock_timeout(void)
{
	vnm_autotestdir struct vnm_test_dir d;
	struct itimerval timer, old_timer = { .it_value = { .tv_sec = 1000 } };
	struct sigaction action;
	struct holder h;
	sigset_t mask, blocked;
	long long start, took;
	int fd;

	vnm_test_dir_make(&d);
	holder_start(&d, &h);
	fd = open_lock(&d);
	VNM_ASSERT_INT_EQ(vnm_lock_wait(fd, 0), -ETIMEDOUT);

	/* The worst that can be inherited: SIGALRM ignored and blocked; and a timer of the caller's. */
	signal(SIGALRM, SIG_IGN);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGALRM);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	setitimer(ITIMER_REAL, &old_timer, NULL);
	start = now_ms();
	VNM_ASSERT_INT_EQ(vnm_lock_wait(fd, 1), -ETIMEDOUT);
	took = now_ms() - start;
	CU_ASSERT(took >= 1000);
	CU_ASSERT(took < 10000);

	sigaction(SIGALRM, NULL, &action);
	CU_ASSERT(action.sa_handler == SIG_IGN);
	sigprocmask(SIG_UNBLOCK, &blocked, &mask);
	VNM_ASSERT_INT_EQ(sigismember(&mask, SIGALRM), 1);
	getitimer(ITIMER_REAL, &timer);
	CU_ASSERT(timer.it_value.tv_sec > 900);
	VNM_ASSERT_INT_EQ(timer.it_interval.tv_usec, 0);
	timer = (struct itimerval){ 0 };
	setitimer(ITIMER_REAL, &timer, NULL);
	signal(SIGALRM, SIG_DFL);
	holder_end(&h);
	close(fd);
}

/* Whether /proc/locks shows somebody waiting for the lock on @inode. */
static bool somebody_waits(ino_t inode)
{
	vnm_autofree char *locks = NULL,
			  *needle = vnm_asprintf(":%llu ", (unsigned long long)inode);

	VNM_ASSERT_INT_EQ_FATAL(vnm_file_read(AT_FDCWD, "/proc/locks", 1 << 24, &locks, NULL), 0);
	for (char *line = strtok(locks, "\n"); line; line = strtok(NULL, "\n"))
		if (strstr(line, "-> FLOCK") && strstr(line, needle))
			return true;
	return false;
}

/* We hold, a child waits in the kernel, we let go: it must have the lock then, and not before. */
static void test_lock_handover(void)
{
	vnm_autotestdir struct vnm_test_dir d;
	long long deadline = now_ms() + 20000;
	int fd, status = 1;
	bool waits = false;
	struct stat st;
	pid_t pid;

	vnm_test_dir_make(&d);
	fd = open_lock(&d);
	VNM_ASSERT_INT_EQ_FATAL(vnm_lock_wait(fd, 0), 0);
	VNM_ASSERT_INT_EQ(fstat(fd, &st), 0);
	fflush(NULL);
	pid = fork();
	CU_ASSERT_FATAL(pid >= 0);
	if (pid == 0) {
		close(fd);
		_exit(vnm_lock_wait(open_lock(&d), 30) == 0 ? 0 : 1);
	}
	while (!waits && now_ms() < deadline) {
		waits = somebody_waits(st.st_ino);
		sched_yield();
	}
	CU_ASSERT(waits);
	VNM_ASSERT_INT_EQ(waitpid(pid, &status, WNOHANG), 0);
	VNM_ASSERT_INT_EQ(flock(fd, LOCK_UN), 0);
	VNM_ASSERT_INT_EQ(waitpid(pid, &status, 0), pid);
	VNM_ASSERT_INT_EQ(status, 0);
	close(fd);
}

const struct vnm_test vnm_tests[] = {
	{ "free", test_lock_free },
	{ "timeout", test_lock_timeout },
	{ "handover", test_lock_handover },
	{ 0 },
};
