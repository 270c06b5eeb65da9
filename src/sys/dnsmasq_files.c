/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dnsmasq_files.c - the files that dnsmasq is given.
 *
 * It reads its configuration as root, but its host lists again and again, on SIGHUP, as the user it
 * became. A list that this user cannot read is taken as empty, without a word. So the lists belong to its
 * group, and so does the directory; all else is for root alone.
 */
#include "sys/dnsmasq.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plan/dnsmasq_conf.h"
#include "sys/dnsmasq_internal.h"
#include "util/file.h"
#include "util/mem.h"

#define DIR_MODE 0750
#define ABOVE_MODE 0755
#define NO_GROUP ((gid_t)-1)
#define GID_MAP_MAX 16384 /* at most 340 lines: user_namespaces(7) */

/*
 * Can we give files to a group? In a user namespace most groups do not exist: see user_namespaces(7). Return: 1, 0,
 * -errno.
 */
static int gid_mapped(gid_t gid)
{
	vnm_autofree char *map = NULL;
	unsigned inside, outside, count;
	int r = vnm_file_read(AT_FDCWD, "/proc/self/gid_map", GID_MAP_MAX, &map, NULL);

	if (r < 0)
		return r;
	for (const char *line = map; *line; line += strcspn(line, "\n"), line += *line == '\n')
		if (sscanf(line, "%u %u %u", &inside, &outside, &count) == 3 && gid >= inside &&
		    gid - inside < count)
			return 1;
	return 0;
}

/* What getgrnam() says of a group that it could not look for, see its manual page; 0: there is none. */
static int find_group(const char *name, gid_t *ret)
{
	const struct group *group;

	do {
		errno = 0;
		group = getgrnam(name);
	} while (!group && errno == EINTR);
	if (group)
		*ret = group->gr_gid;
	if (group)
		return 1;
	return errno == ENOENT || errno == ESRCH || errno == EBADF || errno == EPERM ? 0 : -errno;
}

/* The group that dnsmasq runs as; NO_GROUP when it runs as we do. */
static int dnsmasq_group(gid_t *ret, struct vnm_error *err)
{
	gid_t gid = NO_GROUP;
	int r;

	*ret = NO_GROUP;
	if (geteuid() != 0)
		return 0;
	r = find_group(VNM_DNSMASQ_GROUP, &gid);
	if (r == 0)
		return vnm_error_set(err, VNM_ERR_UNSUPPORTED, ENOENT,
				     "group '%s', which dnsmasq is to run as, does not exist; "
				     "make it with groupadd",
				     VNM_DNSMASQ_GROUP);
	r = r < 0 ? r : gid_mapped(gid);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot look up the group '%s', as which dnsmasq is to run: "
				     "%s",
				     VNM_DNSMASQ_GROUP, strerror(-r));
	if (r > 0)
		*ret = gid;
	return 0;
}

/**
 * vnm_dnsmasq_above() - open the directory that holds all networks' directories
 * @dir:      one network's directory, absolute
 * @ret_name: its last component; points into @dir
 * @err:      set on failure
 *
 * Return: a descriptor or -errno.
 */
int vnm_dnsmasq_above(const char *dir, const char **ret_name, struct vnm_error *err)
{
	const char *slash = strrchr(dir, '/');
	vnm_autofree char *above = NULL;

	if (!slash || slash == dir || !slash[1])
		return vnm_error_set(err, VNM_ERR_STATE, EINVAL, "'%s' is no directory for dnsmasq",
				     dir);
	above = vnm_strndup(dir, (size_t)(slash - dir));
	*ret_name = slash + 1;
	return vnm_dir_open(above, ABOVE_MODE, err);
}

/**
 * vnm_dnsmasq_dir_make() - open a network's directory, and make it when it is missing
 * @dir: the directory, absolute
 * @err: set on failure
 *
 * Return: a descriptor or -errno.
 */
int vnm_dnsmasq_dir_make(const char *dir, struct vnm_error *err)
{
	vnm_autoclose int above = -1;
	const char *name;
	gid_t gid;
	int r = dnsmasq_group(&gid, err), fd;

	if (r < 0)
		return r;
	above = vnm_dnsmasq_above(dir, &name, err);
	fd = above < 0 ? above : vnm_dir_openat(above, name, DIR_MODE, gid, err);
	/* Of a network that is repaired or changed: what a killed command left of it. */
	if (fd >= 0)
		(void)vnm_file_sweep_temp(fd);
	return fd;
}

/**
 * vnm_dnsmasq_dir_look() - open a network's directory if it is there
 * @dir: the directory, absolute
 *
 * Return: a descriptor; -ENOENT; -errno.
 */
int vnm_dnsmasq_dir_look(const char *dir)
{
	return vnm_open(AT_FDCWD, dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
}

/**
 * vnm_dnsmasq_dir_drop() - remove a network's directory if nothing is left in it
 * @dir: the directory, absolute
 *
 * Return: 0, also when something is left; -errno.
 */
int vnm_dnsmasq_dir_drop(const char *dir)
{
	if (rmdir(dir) == 0 || errno == ENOENT || errno == ENOTEMPTY || errno == EEXIST)
		return 0;
	return -errno;
}

static int file_failed(const struct vnm_op *op, const char *what, int r, struct vnm_error *err)
{
	return vnm_error_set(err, r == -EACCES || r == -EPERM ? VNM_ERR_PERMISSION : VNM_ERR_SYSTEM,
			     -r, "cannot %s '%s/%s': %s", what, op->file.dir, op->file.name,
			     strerror(-r));
}

static int file_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	vnm_autoclose int dirfd = vnm_dnsmasq_dir_make(op->file.dir, err);
	gid_t gid = NO_GROUP;
	int r;

	(void)sys;
	if (dirfd < 0)
		return dirfd;
	r = op->file.shared ? dnsmasq_group(&gid, err) : 0;
	if (r < 0)
		return r;
	r = vnm_file_replace(dirfd, op->file.name, op->file.content, strlen(op->file.content),
			     op->file.shared ? 0640 : 0600, gid, VNM_VOLATILE);
	return r < 0 ? file_failed(op, "write", r, err) : 0;
}

/*
 * One with another content counts as absent: the directory is ours alone, and writing it again is the
 * cure.
 */
static int file_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
		      struct vnm_error *err)
{
	vnm_autoclose int dirfd = vnm_dnsmasq_dir_look(op->file.dir);
	vnm_autofree char *content = NULL;
	size_t len = 0, want = strlen(op->file.content);
	int r = dirfd;

	(void)sys;
	if (r >= 0)
		r = vnm_file_read(dirfd, op->file.name, want, &content, &len);
	if (r < 0 && r != -ENOENT && r != -EFBIG)
		return file_failed(op, "read", r, err);
	*ret = VNM_ABSENT;
	if (r == 0 && len == want && !memcmp(content, op->file.content, len))
		*ret = VNM_PRESENT;
	return 0;
}

static int file_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	vnm_autoclose int dirfd = vnm_dnsmasq_dir_look(op->file.dir);
	int r;

	(void)sys;
	if (dirfd == -ENOENT)
		return 0;
	r = dirfd < 0 ? dirfd : vnm_file_unlink(dirfd, op->file.name, VNM_VOLATILE);
	if (r == 0)
		r = vnm_file_sweep_temp(dirfd);
	if (r == 0)
		r = vnm_dnsmasq_dir_drop(op->file.dir);
	return r < 0 ? file_failed(op, "remove", r, err) : 0;
}

static int file_change(struct vnm_sys *sys, const struct vnm_op *old, const struct vnm_op *new,
		       struct vnm_error *err)
{
	vnm_autoclose int dirfd = vnm_dnsmasq_dir_look(old->file.dir);
	enum vnm_presence presence = VNM_ABSENT;
	struct vnm_error ignored = { 0 };

	/* What an interrupted change left beside it. */
	if (dirfd >= 0)
		(void)vnm_file_sweep_temp(dirfd);
	/* A change that failed for lack of room is led back without any. */
	if (file_check(sys, new, &presence, &ignored) == 0 && presence == VNM_PRESENT)
		return 0;
	return file_apply(sys, new, err);
}

const struct vnm_op_impl vnm_impl_file = {
	.apply = file_apply,
	.check = file_check,
	.revert = file_revert,
	.change = file_change,
};
