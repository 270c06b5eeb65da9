/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guard_detach.c - a guard leaves the command that has started it. */
#include "driver/guard_detach.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "util/file.h"

#define GUARD_NAME "vnetmgr-guard"

static int put_fd(int fd, int place)
{
	int r;

	do
		r = dup2(fd, place);
	while (r < 0 && errno == EINTR);
	return r < 0 ? -errno : 0;
}

/* libsystemd keeps the socket that leads to the journal, and would go on to use its number. */
static bool leads_to_log(int fd)
{
	socklen_t size = sizeof(int);
	int domain, type, flags = fcntl(fd, F_GETFD);

	return flags >= 0 && (flags & FD_CLOEXEC) &&
	       getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain == AF_UNIX &&
	       getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_DGRAM;
}

/* Return: that socket's descriptor, or -1. */
static int find_log(int first)
{
	vnm_autodir DIR *dir = NULL;
	const char *name;

	if (vnm_dir_list(AT_FDCWD, "/proc/self/fd", &dir) < 0)
		return -1;
	while (vnm_dir_next(dir, &name) > 0)
		if (atoi(name) >= first && leads_to_log(atoi(name)))
			return atoi(name);
	return -1;
}

static int close_from(unsigned first)
{
	int log = find_log((int)first);

	if (log >= 0 && (unsigned)log > first &&
	    syscall(SYS_close_range, first, (unsigned)log - 1, 0) < 0)
		return -errno;
	if (log >= 0)
		first = (unsigned)log + 1;
	return syscall(SYS_close_range, first, ~0U, 0) < 0 ? -errno : 0;
}

/**
 * vnm_guard_detach() - in the child: leave the command's session, directory, descriptors and signal settings
 * @barrier: the start barrier; it becomes descriptor 3
 *
 * Closes everything of the command's: its lock, its terminal, its pipes; but not what leads to the log.
 *
 * Return: 0 or -errno.
 */
int vnm_guard_detach(int barrier)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	sigset_t none;
	int null = vnm_open(AT_FDCWD, "/dev/null", O_RDWR, 0);

	if (null < 0 || setsid() < 0 || chdir("/") < 0)
		return -errno;
	for (int fd = 0; fd < 3; fd++)
		if (put_fd(null, fd) < 0)
			return -errno;
	if (put_fd(barrier, 3) < 0 || close_from(4) < 0)
		return -errno;
	sigemptyset(&none);
	(void)sigaction(SIGHUP, &ignore, NULL);
	(void)sigaction(SIGPIPE, &ignore, NULL);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)prctl(PR_SET_NAME, GUARD_NAME);
	return 0;
}
