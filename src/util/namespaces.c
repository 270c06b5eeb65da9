/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * namespaces.c - which namespaces of the kernel this process is in, and whether others are in use.
 *
 * A namespace is identified by the inode of its file in /proc/PID/ns; the number is reused when it is gone. Network
 * namespaces have a cookie, too, which is not, since Linux 5.14 (socket(7), SO_NETNS_COOKIE).
 */
#include "util/namespaces.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/file.h"
#include "util/mem.h"

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71 /* include/uapi/asm-generic/socket.h */
#endif

#define FIRST_PID_NAMESPACE 0xEFFFFFFCU /* PROC_PID_INIT_INO, include/linux/proc_ns.h */
#define MOUNTS_MAX (16 * 1024 * 1024)

const char *const vnm_namespace_words[] = {
	[VNM_NAMESPACE_NET] = "net",
	[VNM_NAMESPACE_PID] = "pid",
	[VNM_NAMESPACE_TIME] = "time",
};
static_assert(VNM_ARRAY_SIZE(vnm_namespace_words) == VNM_NAMESPACE_COUNT, "one word per kind");

const char *const vnm_namespace_names[] = {
	[VNM_NAMESPACE_NET] = "network",
	[VNM_NAMESPACE_PID] = "process",
	[VNM_NAMESPACE_TIME] = "time",
};
static_assert(VNM_ARRAY_SIZE(vnm_namespace_names) == VNM_NAMESPACE_COUNT, "one name per kind");

/* @who: "self" or a number. A kind that this kernel does not have is 0. */
static int identify(const char *who, enum vnm_ns_kind kind, uint64_t *ret)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%s/ns/%s", who, vnm_namespace_words[kind]);
	*ret = 0;
	if (stat(path, &st) < 0)
		return errno == ENOENT ? 0 : -errno;
	*ret = st.st_ino;
	return 0;
}

/**
 * vnm_namespace_cookie() - the cookie of our network namespace, which no other one has in this boot
 * @ret: gets it; 0: this kernel has none
 *
 * Return: 0 or -errno.
 */
int vnm_namespace_cookie(uint64_t *ret)
{
	vnm_autoclose int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	uint64_t cookie = 0;
	socklen_t len = sizeof(cookie);

	*ret = 0;
	if (fd < 0)
		return -errno;
	if (getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &len) < 0)
		return errno == ENOPROTOOPT ? 0 : -errno;
	*ret = cookie;
	return 0;
}

/** vnm_namespace_cookies_match() - may they be of one network namespace? 0: unknown, as in older records. */
bool vnm_namespace_cookies_match(uint64_t a, uint64_t b)
{
	return a == b || a == 0 || b == 0;
}

/**
 * vnm_namespaces_of() - the namespaces of a process
 * @pid: its number; 0: this process
 * @ret: gets them; the cookie only of this process
 *
 * Return: 0; -ESRCH when there is no such process; -errno.
 */
int vnm_namespaces_of(pid_t pid, struct vnm_namespaces *ret)
{
	char who[16] = "self";
	int r = 0;

	if (pid)
		snprintf(who, sizeof(who), "%d", (int)pid);
	ret->cookie = 0;
	if (!pid)
		r = vnm_namespace_cookie(&ret->cookie);
	for (int kind = 0; r == 0 && kind < VNM_NAMESPACE_COUNT; kind++)
		r = identify(who, (enum vnm_ns_kind)kind, &ret->id[kind]);
	return r == 0 && ret->id[VNM_NAMESPACE_NET] == 0 ? -ESRCH : r;
}

/** vnm_namespaces_first() - is the PID namespace the initial one, which never ends? */
bool vnm_namespaces_first(const struct vnm_namespaces *ns)
{
	return ns->id[VNM_NAMESPACE_PID] == FIRST_PID_NAMESPACE;
}

static int used_by_process(enum vnm_ns_kind kind, uint64_t id)
{
	vnm_autodir DIR *dir = NULL;
	const char *name;
	uint64_t theirs;
	int r = vnm_dir_list(AT_FDCWD, "/proc", &dir);

	while (r >= 0 && (r = vnm_dir_next(dir, &name)) > 0)
		if (strspn(name, "0123456789") == strlen(name) &&
		    identify(name, kind, &theirs) == 0 && theirs == id)
			return 1;
	return r;
}

/* Bound to a file, as "ip netns add" does. */
static int used_by_mount(enum vnm_ns_kind kind, uint64_t id)
{
	vnm_autofree char *root = vnm_asprintf(" %s:[%" PRIu64 "] ", vnm_namespace_words[kind], id);
	vnm_autofree char *mounts = NULL;
	int r = vnm_file_read(AT_FDCWD, "/proc/self/mountinfo", MOUNTS_MAX, &mounts, NULL);

	return r < 0 ? r : strstr(mounts, root) != NULL;
}

/**
 * vnm_namespace_enter() - setns(2), repeated after EINTR
 * @fd:   the namespace
 * @type: CLONE_NEWNET or the like
 *
 * Return: 0 or -errno.
 */
int vnm_namespace_enter(int fd, int type)
{
	int r;

	do
		r = setns(fd, type);
	while (r < 0 && errno == EINTR);
	return r < 0 ? -errno : 0;
}

/**
 * vnm_namespace_used() - does anything visible from here keep a namespace alive?
 * @kind: the kind
 * @id:   the namespace
 *
 * Processes of sibling or parent PID namespaces, and mounts of other mount namespaces, are not visible.
 *
 * Return: 1, 0, -errno.
 */
int vnm_namespace_used(enum vnm_ns_kind kind, uint64_t id)
{
	int r = used_by_process(kind, id);

	return r != 0 ? r : used_by_mount(kind, id);
}
