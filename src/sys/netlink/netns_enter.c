/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netns_enter.c - other network namespaces.
 *
 * A socket belongs for ever to the namespace in which it was opened. So the process enters a guest's namespace only to
 * open a netlink socket there, and does everything else from outside through it. The process has one thread.
 */
#include "sys/netlink/netns_enter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "sys/netlink/netlink.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/namespaces.h"

#ifndef NSFS_MAGIC
#define NSFS_MAGIC 0x6e736673
#endif

/* Handles in another namespace; in a list, by path. */
struct vnm_inner {
	struct vnm_sys sys;
	char *path;
	uint32_t ino;
	uint64_t cookie;
	struct vnm_inner *next;
};

/** vnm_inner_free() - close the handles in other namespaces; NULL is fine. */
void vnm_inner_free(struct vnm_inner *inner)
{
	while (inner) {
		struct vnm_inner *next = inner->next;

		vnm_nl_close(&inner->sys);
		free(inner->path);
		free(inner);
		inner = next;
	}
}

/* O_NONBLOCK, O_NOCTTY: the file may be no namespace. */
static int open_nsfs(const char *path, uint32_t *ret_ino)
{
	vnm_autoclose int fd = vnm_open(AT_FDCWD, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
	struct statfs fs;
	struct stat st;

	if (fd < 0)
		return fd;
	if (fstatfs(fd, &fs) < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (fs.f_type != NSFS_MAGIC)
		return -ENOTTY;
	*ret_ino = (uint32_t)st.st_ino;
	return vnm_steal_fd(&fd);
}

/* Returning cannot fail: the descriptor of our own namespace is opened before we leave it. */
static int run_in(int there, int (*fn)(void *data), void *data)
{
	vnm_autoclose int here = vnm_open(AT_FDCWD, "/proc/self/ns/net", O_RDONLY, 0);
	int r;

	if (here < 0)
		return here;
	r = vnm_namespace_enter(there, CLONE_NEWNET);
	if (r < 0)
		return r;
	r = fn(data);
	/* Otherwise everything further would happen in the guest's namespace. */
	if (vnm_namespace_enter(here, CLONE_NEWNET) < 0)
		vnm_die("cannot come back from a guest's network namespace");
	return r;
}

static int read_cookie(void *data)
{
	return vnm_namespace_cookie(data);
}

/* 0: unknown, since the kernel has none, or the namespace may not be entered. */
static uint64_t cookie_of(int fd)
{
	uint64_t cookie = 0;

	(void)run_in(fd, read_cookie, &cookie);
	return cookie;
}

/**
 * vnm_netns_inode() - which namespace is at a path?
 * @path:    /run/netns/NAME, /proc/PID/ns/net
 * @ret_ino: its inode number, which no other namespace has at the same time
 *
 * Return: 0; -ENOENT; -ENOTTY when it is no namespace; -errno.
 */
int vnm_netns_inode(const char *path, uint32_t *ret_ino)
{
	int fd = open_nsfs(path, ret_ino);

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

/**
 * vnm_netns_cookie() - the cookie of the namespace at a path, which no other one has in this boot
 * @path: the path
 *
 * Return: the cookie; 0: unknown.
 */
uint64_t vnm_netns_cookie(const char *path)
{
	uint32_t ino;
	vnm_autoclose int fd = open_nsfs(path, &ino);

	return fd < 0 ? 0 : cookie_of(fd);
}

/**
 * vnm_netns_open() - a descriptor of a namespace
 * @ns: which
 *
 * Return: the descriptor; -ENOENT when it is gone, also when another one has its path now; -errno.
 */
int vnm_netns_open(const struct vnm_op_netns *ns)
{
	uint32_t ino = 0;
	vnm_autoclose int fd = open_nsfs(ns->path, &ino);

	if (fd < 0)
		return fd == -ENOTTY ? -ENOENT : fd;
	if (ns->ino && ns->ino != ino)
		return -ENOENT;
	if (ns->cookie && !vnm_namespace_cookies_match(ns->cookie, cookie_of(fd)))
		return -ENOENT;
	return vnm_steal_fd(&fd);
}

/** vnm_netns_fail() - set the error that a namespace cannot be used. Return: @rc. */
int vnm_netns_fail(const struct vnm_op_netns *ns, int rc, struct vnm_error *err)
{
	if (rc == -ENOENT)
		return vnm_error_set(err, VNM_ERR_NO_DEVICE, ENOENT,
				     "network namespace '%s' is gone", ns->path);
	return vnm_error_set(err, rc == -EPERM ? VNM_ERR_PERMISSION : VNM_ERR_SYSTEM, -rc,
			     "cannot enter network namespace '%s': %s", ns->path, strerror(-rc));
}

/**
 * vnm_netns_run() - call a function in a namespace
 * @ns:   the namespace; a NULL path: this one
 * @fn:   the function
 * @data: for @fn
 *
 * Return: what @fn returned, or -errno when the namespace could not be entered.
 */
int vnm_netns_run(const struct vnm_op_netns *ns, int (*fn)(void *data), void *data)
{
	vnm_autoclose int there = -1;

	if (!ns->path)
		return fn(data);
	there = vnm_netns_open(ns);
	return there < 0 ? there : run_in(there, fn, data);
}

static int open_socket(void *data)
{
	return vnm_nl_open(data);
}

/**
 * vnm_sys_enter() - handles in the namespace of an operation
 * @sys: the handles here
 * @ns:  where; a NULL path: here
 * @ret: the handles there; they are @sys's
 *
 * Return: 0; -ENOENT when it is gone; -errno.
 */
int vnm_sys_enter(struct vnm_sys *sys, const struct vnm_op_netns *ns, struct vnm_sys **ret)
{
	struct vnm_inner *inner = sys->inner;
	int r;

	*ret = sys;
	if (!ns->path)
		return 0;
	while (inner && (strcmp(inner->path, ns->path) != 0 || inner->ino != ns->ino ||
			 inner->cookie != ns->cookie))
		inner = inner->next;
	if (!inner) {
		inner = vnm_alloc(sizeof(*inner));
		inner->sys.run_fd = -1; /* no records for another namespace */
		inner->path = vnm_strdup(ns->path);
		inner->ino = ns->ino;
		inner->cookie = ns->cookie;
		inner->next = sys->inner;
		sys->inner = inner;
	}
	if (!inner->sys.nl) {
		r = vnm_netns_run(ns, open_socket, &inner->sys);
		if (r < 0)
			return r;
	}
	*ret = &inner->sys;
	return 0;
}
