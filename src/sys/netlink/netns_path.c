// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * netns_path.c - can others choose the network namespace of a path?
 *
 * A stored path is resolved again at each start and boot, as root. Whoever can change a component chooses which namespace
 * gets a device, an address and a default route: it might be the host's. So each directory in it must be root's (or ours)
 * and not writable by others, unless it is sticky, as /tmp. The same goes for the targets of symbolic links.
 *
 * /proc/PID/ns/net is the kernel's. The directory belongs to the user of the process, who cannot write to it, and whose
 * process can only enter namespaces in which that user is root: never ours.
 */
#include "sys/netlink/netns_path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "util/buf.h"
#include "util/file.h"
#include "util/mem.h"

#define LINKS_MAX 40 /* the kernel's own limit (path_resolution(7)) */

/**
 * struct walk - a path being resolved.
 * @dir:  the current directory; @seen: its path, for messages
 * @rest: what is left of the path
 * @root: the owner of "/": root, or in a user namespace the overflow id
 */
struct walk {
	int dir;
	struct vnm_buf seen;
	char *rest;
	unsigned links;
	uid_t root;
};

static void walk_clear(struct walk *walk)
{
	if (walk->dir >= 0)
		close(walk->dir);
	vnm_buf_clear(&walk->seen);
	free(walk->rest);
}

static int unsafe(const char *path, const char *what, const char *remedy, struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_PERMISSION, EPERM,
			     "'%s' %s, who could lead the guest's path to another "
			     "namespace, the host's own, too; %s",
			     path, what, remedy);
}

static bool is_trusted(const struct walk *walk, const struct stat *st)
{
	return st->st_uid == 0 || st->st_uid == geteuid() || st->st_uid == walk->root;
}

static const char *place(const struct walk *walk)
{
	return walk->seen.len ? vnm_buf_str(&walk->seen) : "/";
}

/* A directory in which the next name is looked up. */
static int check_dir(const struct walk *walk, struct vnm_error *err)
{
	struct statfs fs;
	struct stat st;

	if (fstat(walk->dir, &st) < 0 || fstatfs(walk->dir, &fs) < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, errno, "cannot access '%s': %s",
				     place(walk), strerror(errno));
	if (fs.f_type == PROC_SUPER_MAGIC)
		return vnm_error_set(err, VNM_ERR_PERMISSION, EPERM,
				     "'%s/%s' leads through /proc, and not to /proc/PID/ns/net; "
				     "name the process, or bind its namespace to a file "
				     "(ip netns attach NAME PID)",
				     place(walk), walk->rest);
	if (!is_trusted(walk, &st))
		return unsafe(place(walk), "belongs to somebody else",
			      "use a name of \"ip netns\", or a directory of root's", err);
	if (st.st_mode & (S_IWGRP | S_IWOTH) && !(st.st_mode & S_ISVTX))
		return unsafe(place(walk), "may be changed by others",
			      "change that with chmod go-w", err);
	return 0;
}

/* /proc/PID/ns/net, or .../task/TID/ns/net: need not be checked. */
static bool is_process(const char *path)
{
	int end = 0;

	if (sscanf(path, "/proc/%*[0-9]/ns/net%n", &end) == 0 && end > 0 && !path[end])
		return true;
	end = 0;
	return sscanf(path, "/proc/%*[0-9]/task/%*[0-9]/ns/net%n", &end) == 0 && end > 0 &&
	       !path[end];
}

/* The resolved part and the rest as one path. */
static char *whole(const struct walk *walk)
{
	return vnm_asprintf("%s/%s", vnm_buf_str(&walk->seen), walk->rest);
}

static int restart_at_root(struct walk *walk, const char *rest)
{
	if (walk->dir >= 0)
		close(walk->dir);
	vnm_buf_clear(&walk->seen);
	walk->dir = vnm_open(AT_FDCWD, "/", O_PATH | O_DIRECTORY, 0);
	free(walk->rest);
	walk->rest = vnm_strdup(rest + strspn(rest, "/"));
	return walk->dir < 0 ? walk->dir : 0;
}

static char *next_name(struct walk *walk)
{
	size_t len = strcspn(walk->rest, "/"), skip = len + strspn(walk->rest + len, "/");
	char *name = vnm_strndup(walk->rest, len);

	memmove(walk->rest, walk->rest + skip, strlen(walk->rest + skip) + 1);
	return name;
}

static int follow(struct walk *walk, const char *name, const struct stat *st, struct vnm_error *err)
{
	vnm_autofree char *rest = NULL;
	char target[PATH_MAX];
	ssize_t len = readlinkat(walk->dir, name, target, sizeof(target) - 1);

	if (len < 0)
		return -errno;
	target[len] = '\0';
	if (++walk->links > LINKS_MAX)
		return -ELOOP;
	if (!is_trusted(walk, st)) {
		rest = vnm_asprintf("%s/%s", vnm_buf_str(&walk->seen), name);
		return unsafe(rest, "is a symbolic link of somebody else",
			      "use a name of \"ip netns\", or a directory of root's", err);
	}
	rest = vnm_asprintf("%s%s%s", target, *walk->rest ? "/" : "", walk->rest);
	if (*target == '/')
		return restart_at_root(walk, rest);
	free(walk->rest);
	walk->rest = vnm_steal(&rest);
	return 0;
}

static int go_up(struct walk *walk)
{
	const char *slash = walk->seen.len ? strrchr(vnm_buf_str(&walk->seen), '/') : NULL;

	if (!slash)
		return 0;
	walk->seen.len = (size_t)(slash - walk->seen.data);
	walk->seen.data[walk->seen.len] = '\0';
	return 0;
}

static int enter(struct walk *walk, const char *name)
{
	int dir = vnm_open(walk->dir, name, O_PATH | O_DIRECTORY | O_NOFOLLOW, 0);

	if (dir < 0)
		return dir;
	close(walk->dir);
	walk->dir = dir;
	if (!strcmp(name, ".."))
		return go_up(walk);
	vnm_buf_printf(&walk->seen, "/%s", name);
	return 0;
}

/* Resolve one component. Return: 1, 0 at the end, or -errno. */
static int step(struct walk *walk, struct vnm_error *err)
{
	vnm_autofree char *path = whole(walk), *name = NULL;
	struct stat st;
	int r;

	if (!*walk->rest || is_process(path))
		return 0;
	r = check_dir(walk, err);
	if (r < 0)
		return r;
	name = next_name(walk);
	if (!strcmp(name, "."))
		return 1;
	if (fstatat(walk->dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (S_ISLNK(st.st_mode))
		r = follow(walk, name, &st, err);
	else if (*walk->rest || S_ISDIR(st.st_mode))
		r = enter(walk, name);
	return r < 0 ? r : 1;
}

/**
 * vnm_netns_path_check() - require that only root, or we, can choose the namespace of a path
 * @path: absolute
 * @err:  VNM_ERR_PERMISSION, with what to change
 *
 * Return: 0 or -errno.
 */
int vnm_netns_path_check(const char *path, struct vnm_error *err)
{
	struct walk walk __attribute__((cleanup(walk_clear))) = { .dir = -1 };
	struct stat root;
	int r = stat("/", &root) < 0 ? -errno : restart_at_root(&walk, path);

	walk.root = root.st_uid;
	for (int more = r == 0; more > 0;)
		r = more = step(&walk, err);
	if (r < 0 && !err->code)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot access '%s': %s", path,
				     strerror(-r));
	return r < 0 ? r : 0;
}

/** vnm_netns_is_own() - is a namespace the one that we are in? @ino: of its file. */
bool vnm_netns_is_own(uint32_t ino)
{
	struct stat st;

	return stat("/proc/self/ns/net", &st) == 0 && (uint32_t)st.st_ino == ino;
}
