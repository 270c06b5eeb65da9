/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dnsmasq_dir.c - the directory of a network's dnsmasq. */
#include "sys/process/dnsmasq_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/dir.h"
#include "util/file.h"
#include "util/mem.h"

#define DIR_MODE 0711

#define ABOVE_MODE 0755

/* Open the parent of @dir. @ret_name: the last component of @dir. Return: a descriptor or -errno. */
static int open_parent(const char *dir, const char **ret_name, struct vnm_error *err)
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

/* An older version let only a group in. */
static int open_up(int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	return (st.st_mode & DIR_MODE) == DIR_MODE || fchmod(fd, DIR_MODE) == 0 ? 0 : -errno;
}

/**
 * vnm_dnsmasq_dir_make() - open a network's directory, and create it if it is missing
 * @dir: the directory, absolute
 * @err: set on failure
 *
 * Return: a descriptor or -errno.
 */
int vnm_dnsmasq_dir_make(const char *dir, struct vnm_error *err)
{
	vnm_autoclose int above = -1, fd = -1;
	const char *name = dir;
	int r;

	above = open_parent(dir, &name, err);
	fd = above < 0 ? above : vnm_dir_openat(above, name, DIR_MODE, (gid_t)-1, err);
	if (fd < 0)
		return fd;
	r = open_up(fd);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot change the mode of directory '%s': %s", dir,
				     strerror(-r));
	/* Temporary files that a killed repair or change has left. */
	(void)vnm_file_sweep_temp(fd);
	return vnm_steal_fd(&fd);
}

/**
 * vnm_dnsmasq_dir_open() - open a network's directory if it exists
 * @dir: the directory, absolute
 *
 * Return: a descriptor; -ENOENT; -errno.
 */
int vnm_dnsmasq_dir_open(const char *dir)
{
	return vnm_open(AT_FDCWD, dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
}

/**
 * vnm_dnsmasq_dir_remove() - remove a network's directory if nothing is left in it
 * @dir: the directory, absolute
 *
 * Return: 0, also when something is left; -errno.
 */
int vnm_dnsmasq_dir_remove(const char *dir)
{
	if (rmdir(dir) == 0 || errno == ENOENT || errno == ENOTEMPTY || errno == EEXIST)
		return 0;
	return -errno;
}
