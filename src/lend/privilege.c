/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * privilege.c - what a program of root's owes to itself when anybody may start it.
 *
 * Theory of operation. The caller chooses the environment, the descriptors, the directory, signals and their masks, timers, limits,
 * priority and control group of this process. All of it is reset before anything else is done. While the lock is held the caller must
 * not be able to stop the process, since every other command would wait: so the real user becomes root, which keeps kill(2) away; all
 * signals are blocked, which keeps the terminal away; and the process leaves the caller's control group, which he may freeze.
 */
#define _GNU_SOURCE 1 /* clearenv, setresuid */
#include "lend/privilege.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "util/file.h"
#include "util/mem.h"

/** vnm_privilege_read_caller() - the real user and his groups, before they are given up. @ret: zeroed */
void vnm_privilege_read_caller(struct vnm_caller *ret)
{
	int n = getgroups(0, NULL);

	n = n < 0 ? 0 : n;
	ret->uid = getuid();
	ret->groups = vnm_alloc(((size_t)n + 1) * sizeof(*ret->groups));
	n = getgroups(n, ret->groups);
	ret->n_groups = n < 0 ? 0 : (size_t)n;
	ret->groups[ret->n_groups++] = getgid();
}

/* By number, where the C library has no name for it; one by one, where the kernel does not know it. */
static int close_all(unsigned first, unsigned last)
{
	struct rlimit limit = { 0 };

	if (first > last || syscall(SYS_close_range, first, last, 0) == 0)
		return 0;
	if (errno != ENOSYS || getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return -1;
	for (unsigned fd = first; fd <= last && fd < limit.rlim_max; fd++)
		close((int)fd);
	return 0;
}

/* A closed standard descriptor would be that of the next file that is opened. */
static int keep_descriptors(int fd)
{
	for (int i = 0; i <= 2; i++)
		if (fcntl(i, F_GETFD) < 0 && open("/dev/null", i == 0 ? O_RDONLY : O_WRONLY) != i)
			return -EBADF;
	if (close_all(3, (unsigned)fd - 1) < 0 || close_all((unsigned)fd + 1, ~0u) < 0)
		return -errno;
	return fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 ? -errno : 0;
}

static void reset_signals(void)
{
	const struct itimerval never = { 0 };
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL); /* fails for those that cannot be changed */
	setitimer(ITIMER_REAL, &never, NULL);
	setitimer(ITIMER_VIRTUAL, &never, NULL);
	setitimer(ITIMER_PROF, &never, NULL);
}

/* In a container even root may be unable to; then as far as the caller could. */
static void lift(int limit, const struct rlimit *to)
{
	struct rlimit now;

	if (setrlimit(limit, to) == 0 || getrlimit(limit, &now) < 0)
		return;
	now.rlim_cur = now.rlim_max;
	(void)setrlimit(limit, &now);
}

static void reset_limits(void)
{
	static const int limits[] = { RLIMIT_AS,    RLIMIT_CPU,	   RLIMIT_DATA, RLIMIT_FSIZE,
				      RLIMIT_NPROC, RLIMIT_NOFILE, RLIMIT_STACK };
	const struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY }, files = { 1024, 4096 };
	const struct rlimit zero = { 0, 0 };
	const struct sched_param usual = { 0 };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(limits); i++)
		lift(limits[i], limits[i] == RLIMIT_NOFILE ? &files : &none);
	(void)setrlimit(RLIMIT_CORE, &zero);
	(void)sched_setscheduler(0, SCHED_OTHER, &usual);
	(void)setpriority(PRIO_PROCESS, 0, 0);
}

/* Of the unified hierarchy, the only one that is delegated to users. */
static void leave_cgroup(void)
{
	(void)vnm_proc_write("/sys/fs/cgroup/cgroup.procs", "0");
}

static int become_root(void)
{
	if (setgroups(0, NULL) < 0 || setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0)
		return -errno;
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ? -errno : 0;
}

static int reset_environment(void)
{
	if (clearenv() != 0 || setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1) < 0 ||
	    chdir("/") < 0)
		return -ENOMEM;
	umask(077);
	return 0;
}

/**
 * vnm_privilege_isolate() - take nothing of the caller's but one descriptor
 * @fd:  the descriptor
 * @err: set on failure: without root's rights nothing can be done
 *
 * Return: 0 or -errno.
 */
int vnm_privilege_isolate(int fd, struct vnm_error *err)
{
	int r = keep_descriptors(fd);

	reset_signals();
	if (r == 0)
		r = reset_environment();
	if (r == 0)
		r = become_root();
	if (r < 0)
		return vnm_error_set(
			err, VNM_ERR_PERMISSION, -r,
			"cannot get the rights of root: %s; the program must be setuid: "
			"chmod u+s",
			strerror(-r));
	reset_limits();
	leave_cgroup();
	return 0;
}
