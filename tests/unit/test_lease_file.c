/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_lease_file.c - leases are read while dnsmasq empties their file and writes it anew. */
#include "runner.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "state/leases.h"
#include "state/session.h"
#include "util/mem.h"

const char vnm_suite[] = "state/leases";

#define ONE "4102444800 52:54:00:00:00:01 192.0.2.1 one *\n"
#define TWO "4102444800 52:54:00:00:00:02 192.0.2.2 two *\n"

/* The time of a file that has just been written, for as long as anybody waits. */
static void put(int fd, const char *text)
{
	const struct timespec times[2] = { { .tv_nsec = UTIME_NOW },
					   { .tv_sec = time(NULL) + 3600 } };

	VNM_ASSERT_INT_EQ_FATAL(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	VNM_ASSERT_INT_EQ_FATAL(futimens(fd, times), 0);
}

struct writer {
	int watch, fd;
	const char *rest;
	bool seen;
};

/* Writes the rest as soon as somebody has read the first part. */
static void *write_rest(void *arg)
{
	struct writer *w = arg;
	struct pollfd news = { w->watch, POLLIN, 0 };

	w->seen = poll(&news, 1, 5000) == 1;
	put(w->fd, w->rest);
	return NULL;
}

/* What is read of a file of which @first is written when it is opened, and @rest when it has been read. */
static void read_beside(const char *first, const char *rest, bool settled, size_t n, int damaged)
{
	vnm_autotestdir struct vnm_test_dir dir;
	vnm_autoleases struct vnm_leases leases = { 0 };
	struct vnm_driver drv = { 0 };
	vnm_autoclose int fd = -1, watch = inotify_init1(IN_CLOEXEC);
	struct writer w = { .rest = rest };
	struct vnm_error err = { 0 };
	pthread_t thread;

	vnm_test_dir_make(&dir);
	drv.paths.leases = dir.path;
	fd = openat(dir.fd, "n", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	CU_ASSERT_TRUE_FATAL(fd >= 0 && watch >= 0);
	put(fd, first);
	CU_ASSERT_TRUE_FATAL(inotify_add_watch(watch, dir.path, IN_CLOSE_NOWRITE) >= 0);
	w.fd = fd;
	w.watch = watch;
	VNM_ASSERT_INT_EQ_FATAL(pthread_create(&thread, NULL, write_rest, &w), 0);
	VNM_ASSERT_OK((settled ? vnm_leases_load_settled : vnm_leases_load)(&drv, "n", &leases,
									    &err),
		      err);
	VNM_ASSERT_INT_EQ(pthread_join(thread, NULL), 0);
	CU_ASSERT_TRUE(w.seen);
	VNM_ASSERT_INT_EQ(leases.n, n);
	VNM_ASSERT_INT_EQ(leases.damaged, damaged);
}

static void test_growing(void)
{
	read_beside(ONE "4102444800 52:54:00:00:0", "0:02 192.0.2.2 two *\n", false, 2, 0);
	read_beside("41", "02444800 52:54:00:00:00:02 192.0.2.2 two *\n", false, 1, 0);
	read_beside("", ONE TWO, true, 2, 0);
	read_beside(ONE, TWO, true, 2, 0);
	read_beside(ONE, "", true, 1, 0);
	/* A start does not wait for a file that may have no leases at all. */
	read_beside(ONE, TWO, false, 1, 0);
	/* The one that writes never says more. */
	read_beside("7 8 9\n", "", false, 0, 1);
}

/* Nobody waits for a file that has been there for long, damaged or not. */
static void test_old(void)
{
	vnm_autotestdir struct vnm_test_dir dir;
	vnm_autoleases struct vnm_leases leases = { 0 };
	struct vnm_driver drv = { 0 };
	struct vnm_error err = { 0 };
	const struct timespec times[2] = { { .tv_sec = 1 }, { .tv_sec = 1 } };
	vnm_autoclose int fd = -1;

	vnm_test_dir_make(&dir);
	drv.paths.leases = dir.path;
	VNM_ASSERT_OK(vnm_leases_load_settled(&drv, "n", &leases, &err), err);
	VNM_ASSERT_INT_EQ(leases.n, 0);
	vnm_leases_clear(&leases);
	fd = openat(dir.fd, "n", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	VNM_ASSERT_INT_EQ_FATAL(write(fd, "7 8 9\n" ONE "half", strlen("7 8 9\n" ONE "half")),
				(ssize_t)strlen("7 8 9\n" ONE "half"));
	VNM_ASSERT_INT_EQ_FATAL(futimens(fd, times), 0);
	VNM_ASSERT_OK(vnm_leases_load_settled(&drv, "n", &leases, &err), err);
	VNM_ASSERT_INT_EQ(leases.n, 1);
	VNM_ASSERT_INT_EQ(leases.damaged, 1);
}

const struct vnm_test vnm_tests[] = { { "a file that is being written", test_growing },
				      { "an old file", test_old },
				      { 0 } };
