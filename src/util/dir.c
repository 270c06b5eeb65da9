/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dir.c - state directories: created when missing, refused when somebody else could write to them. */
#include "util/dir.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/file.h"
#include "util/mem.h"

#define PARENT_MODE 0755

/* The name of a directory in messages: its path if @dirfd has one, else the name as it is. */
static char *full_name(int dirfd, const char *name)
{
	char link[64], path[PATH_MAX];
	ssize_t len;

	if (dirfd == AT_FDCWD || name[0] == '/')
		return vnm_strdup(name);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", dirfd);
	len = readlink(link, path, sizeof(path) - 1);
	if (len <= 0)
		return vnm_strdup(name);
	path[len] = '\0';
	return vnm_asprintf("%s/%s", path, name);
}

static enum vnm_err kind_of(int sys)
{
	return sys == EACCES || sys == EPERM ? VNM_ERR_PERMISSION : VNM_ERR_SYSTEM;
}

static int open_failed(int dirfd, const char *name, int sys, struct vnm_error *err)
{
	vnm_autofree char *full = full_name(dirfd, name);
	struct stat st;

	/* O_DIRECTORY | O_NOFOLLOW on a symlink: ENOTDIR or ELOOP, depending on the kernel. */
	if ((sys == ENOTDIR || sys == ELOOP) &&
	    fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode))
		return vnm_error_set(err, VNM_ERR_STATE, ELOOP,
				     "'%s' is a symbolic link; put a directory in its place",
				     full);
	return vnm_error_set(err, kind_of(sys), sys, "cannot open directory '%s': %s", full,
			     strerror(sys));
}

static int make_failed(int dirfd, const char *name, int sys, struct vnm_error *err)
{
	vnm_autofree char *full = full_name(dirfd, name);

	return vnm_error_set(err, kind_of(sys), sys, "cannot create directory '%s': %s", full,
			     strerror(sys));
}

static int open_dir(int dirfd, const char *name)
{
	int fd;

	do
		fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	while (fd < 0 && errno == EINTR);
	return fd < 0 ? -errno : fd;
}

/*
 * After a power loss a synced file is missing if its directory is: so its parent is synced, unless that is writable
 * but not readable.
 */
static int sync_above(int dirfd, const char *name)
{
	const char *slash = strrchr(name, '/');
	vnm_autofree char *above = slash ? vnm_strndup(name, (size_t)(slash - name) + 1) : NULL;
	vnm_autoclose int fd = vnm_open(dirfd, above ? above : ".", O_RDONLY | O_DIRECTORY, 0);

	if (fd < 0)
		return fd == -EACCES ? 0 : fd;
	return vnm_fsync(fd);
}

/* With this very mode: a later chmod by name could hit another file. */
static int make_dir(int dirfd, const char *name, mode_t mode)
{
	mode_t old = umask(0);
	int r = mkdirat(dirfd, name, mode) < 0 ? -errno : 0;

	umask(old);
	return r < 0 ? r : sync_above(dirfd, name);
}

/* Only we may create files in it. @mode: the intended mode, which may let the group write. */
static int check_dir(int fd, int dirfd, const char *name, mode_t mode, struct vnm_error *err)
{
	vnm_autofree char *full = full_name(dirfd, name);
	struct stat st;

	if (fstat(fd, &st) < 0)
		return open_failed(dirfd, name, errno, err);
	if (st.st_uid != geteuid())
		return vnm_error_set(err, VNM_ERR_STATE, EPERM,
				     "directory '%s' belongs to user %u, not to user %u%s", full,
				     (unsigned)st.st_uid, (unsigned)geteuid(),
				     geteuid() == 0 ? "; change that with chown, or remove it"
						    : "");
	if (st.st_mode & ~mode & (S_IWGRP | S_IWOTH))
		return vnm_error_set(err, VNM_ERR_STATE, EPERM,
				     "directory '%s' has mode %04o, so others may write to it; "
				     "change that with chmod go-w", full,
				     (unsigned)st.st_mode & 07777);
	return 0;
}

/* @made: it is new, with fewer permissions than intended. Group first: a change of owner may clear mode bits. */
static int set_access(int fd, mode_t mode, gid_t gid, bool made)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (gid != (gid_t)-1 && st.st_gid != gid && fchown(fd, (uid_t)-1, gid) < 0)
		return -errno;
	if (made && fchmod(fd, mode) < 0)
		return -errno;
	return 0;
}

/**
 * vnm_dir_openat() - open a state directory, and create it when it is missing
 * @dirfd: the directory above it
 * @name:  its name
 * @mode:  permissions of a new one, whatever the umask says
 * @gid:   group, or (gid_t)-1 to leave it as it is
 * @err:   set on failure
 *
 * It must be a directory, not a symlink to one, belong to us, and be writable for nobody else (unless @mode
 * lets the group write).
 *
 * Return: a descriptor or -errno.
 */
int vnm_dir_openat(int dirfd, const char *name, mode_t mode, gid_t gid, struct vnm_error *err)
{
	vnm_autoclose int fd = open_dir(dirfd, name);
	bool made = false;
	int r;

	if (fd == -ENOENT) {
		r = make_dir(dirfd, name, 0700);
		if (r < 0 && r != -EEXIST)
			return make_failed(dirfd, name, -r, err);
		made = r == 0;
		fd = open_dir(dirfd, name);
	}
	if (fd < 0)
		return open_failed(dirfd, name, -fd, err);
	r = check_dir(fd, dirfd, name, mode, err);
	if (r < 0)
		return r;
	r = set_access(fd, mode, gid, made);
	if (r < 0)
		return open_failed(dirfd, name, -r, err);
	return vnm_steal_fd(&fd);
}

/* A parent of ours: created as by mkdir -p, and not checked; it may be a symlink. */
static int make_parent(const char *path)
{
	struct stat st;
	int r;

	if (stat(path, &st) == 0)
		return S_ISDIR(st.st_mode) ? 0 : -ENOTDIR;
	r = make_dir(AT_FDCWD, path, PARENT_MODE);
	return r == -EEXIST ? 0 : r;
}

static int make_parents(const char *path, struct vnm_error *err)
{
	vnm_autofree char *copy = vnm_strdup(path);

	for (char *slash = copy; (slash = strchr(slash + 1, '/')); *slash = '/') {
		int r;

		*slash = '\0';
		r = make_parent(copy);
		if (r < 0)
			return make_failed(AT_FDCWD, copy, -r, err);
	}
	return 0;
}

/**
 * vnm_dir_open() - open a state directory by its path, and create it and its parents when missing
 * @path: the path; slashes at its end are ignored
 * @mode: permissions of a new one, whatever the umask says; those of new directories above it are 0755
 * @err:  set on failure
 *
 * Only the last component is checked as by vnm_dir_openat(): what is above it is the administrator's.
 *
 * Return: a descriptor or -errno.
 */
int vnm_dir_open(const char *path, mode_t mode, struct vnm_error *err)
{
	vnm_autofree char *copy = vnm_strdup(path);
	size_t len = strlen(copy);
	struct stat st;
	int r;

	/* With "DIR/" the kernel would follow a symlink DIR, despite O_NOFOLLOW. */
	while (len > 1 && copy[len - 1] == '/')
		copy[--len] = '\0';
	if (stat(copy, &st) < 0 && errno == ENOENT) {
		r = make_parents(copy, err);
		if (r < 0)
			return r;
	}
	return vnm_dir_openat(AT_FDCWD, copy, mode, (gid_t)-1, err);
}

/* The owner of a directory, or of a symlink in its place, can replace it. */
static int check_component(const char *path, const struct stat *st, struct vnm_error *err)
{
	if (st->st_uid != 0 && st->st_uid != geteuid())
		return vnm_error_set(err, VNM_ERR_STATE, EPERM,
				     "'%s' belongs to user %u, who could put something else in its "
				     "place; change that with chown, or choose another --root",
				     path, (unsigned)st->st_uid);
	if (S_ISDIR(st->st_mode) && st->st_mode & (S_IWGRP | S_IWOTH) && !(st->st_mode & S_ISVTX))
		return vnm_error_set(err, VNM_ERR_STATE, EPERM,
				     "directory '%s' has mode %04o, so others could put something "
				     "else in it; change that with chmod go-w, or choose another "
				     "--root",
				     path, (unsigned)st->st_mode & 07777);
	return 0;
}

/**
 * vnm_dir_check_below() - does everything between two directories belong to us?
 * @root: a directory, checked by the caller
 * @path: a directory below it, which begins with its name
 * @err:  VNM_ERR_STATE, with what belongs to somebody else
 *
 * What is missing will be ours when it is created. Symlinks are followed only if they are ours, and then their
 * targets must be, too.
 *
 * Return: 0 or -errno.
 */
int vnm_dir_check_below(const char *root, const char *path, struct vnm_error *err)
{
	vnm_autofree char *copy = vnm_strdup(path);
	size_t len = strlen(root);
	char *at = copy, *slash;
	struct stat st;
	int r = 0;

	while (len > 0 && root[len - 1] == '/')
		len--;
	at += len;
	while (r == 0 && *(at += strspn(at, "/"))) {
		slash = at + strcspn(at, "/");
		at = slash + (*slash == '/');
		*slash = '\0';
		if (lstat(copy, &st) < 0)
			return 0; /* opening it will report why */
		r = check_component(copy, &st, err);
		if (r == 0 && S_ISLNK(st.st_mode) && stat(copy, &st) == 0)
			r = check_component(copy, &st, err);
		if (at == slash)
			break;
		*slash = '/';
	}
	return r;
}
