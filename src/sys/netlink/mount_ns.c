/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mount_ns.c - the mount namespace in which network namespaces get their names.
 *
 * A name is a mount below /run/netns, which everybody should see. A service of systemd that is protected from the rest of the
 * system has a mount namespace of its own: it sees what is mounted in the host's, but nothing that it mounts is seen there. So
 * its unit names the host's, in the environment.
 */
#include "sys/netlink/mount_ns.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "util/file.h"
#include "util/mem.h"
#include "util/namespaces.h"

#define VARIABLE "VNETMGR_MOUNT_NAMESPACE"

/**
 * vnm_mount_ns_run() - call a function where names of network namespaces are mounted
 * @fn:   the function; the paths that it gets are absolute
 * @data: for @fn
 *
 * That is in the mount namespace of the file which the variable names; without the variable, here.
 *
 * Return: what @fn returned, or -errno when the namespace could not be entered.
 */
int vnm_mount_ns_run(int (*fn)(void *data), void *data)
{
	const char *path = secure_getenv(VARIABLE);
	vnm_autoclose int there = -1, here = -1, dir = -1;
	int r;

	if (!path || !*path)
		return fn(data);
	there = vnm_open(AT_FDCWD, path, O_RDONLY, 0);
	if (there < 0)
		return there;
	here = vnm_open(AT_FDCWD, "/proc/self/ns/mnt", O_RDONLY, 0);
	if (here < 0)
		return here;
	dir = vnm_open(AT_FDCWD, ".", O_RDONLY | O_DIRECTORY, 0);
	if (dir < 0)
		return dir;
	r = vnm_namespace_enter(there, CLONE_NEWNS);
	if (r < 0)
		return r;
	r = fn(data);
	if (vnm_namespace_enter(here, CLONE_NEWNS) < 0 || fchdir(dir) < 0)
		vnm_die("cannot return to the mount namespace in which it was started");
	return r;
}
