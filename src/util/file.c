/* SPDX-License-Identifier: GPL-2.0-or-later */
/* file.c - our files: read whole, replaced whole, appended to by the line. */
#include "util/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/mem.h"

#define TEMP_RANDOM 6		/* characters between the name and the suffix of a temporary file */
#define TEMP_SUFFIX ".new"
#define TEMP_TRIES 100
#define READ_STEP 4096

/**
 * vnm_open() - open(2), repeated after EINTR
 * @dirfd: its directory, or AT_FDCWD, or VNM_DIR_ABSENT
 * @name:  its name
 * @flags: as of open(2); O_CLOEXEC is added
 * @mode:  for O_CREAT
 *
 * Return: a descriptor or -errno.
 */
int vnm_open(int dirfd, const char *name, int flags, mode_t mode)
{
	int fd;

	if (dirfd == VNM_DIR_ABSENT)
		return -ENOENT;
	do
		fd = openat(dirfd, name, flags | O_CLOEXEC, mode);
	while (fd < 0 && errno == EINTR);
	return fd < 0 ? -errno : fd;
}

/**
 * vnm_stat_at() - fstatat(2) without following a symlink
 * @dirfd: its directory, or AT_FDCWD, or VNM_DIR_ABSENT
 * @name:  its name
 * @ret:   the result
 *
 * Return: 0 or -errno.
 */
int vnm_stat_at(int dirfd, const char *name, struct stat *ret)
{
	if (dirfd == VNM_DIR_ABSENT)
		return -ENOENT;
	return fstatat(dirfd, name, ret, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
}

/* Opens without following a symlink; -errno on failure. */
static int open_retry(int dirfd, const char *name, int flags, mode_t mode)
{
	return vnm_open(dirfd, name, flags | O_NOFOLLOW, mode);
}

/**
 * vnm_dir_list() - begin to list a directory
 * @dirfd: the directory above it, or AT_FDCWD
 * @name:  its name; "." for a descriptor of its own, as a dup would share the reading position of @dirfd
 * @ret:   for vnm_dir_next(); written on success only
 *
 * Return: 0 or -errno.
 */
int vnm_dir_list(int dirfd, const char *name, DIR **ret)
{
	vnm_autoclose int fd = vnm_open(dirfd, name, O_RDONLY | O_DIRECTORY, 0);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (!dir)
		return fd < 0 ? fd : -errno;
	(void)vnm_steal_fd(&fd);
	*ret = dir;
	return 0;
}

/**
 * vnm_dir_next() - the next entry of a directory, without "." and ".."
 * @dir: from vnm_dir_list()
 * @ret: its name, until the next call
 *
 * Return: 1; 0 at the end; -errno when not all could be read.
 */
int vnm_dir_next(DIR *dir, const char **ret)
{
	struct dirent *entry;

	do {
		errno = 0;
		entry = readdir(dir);
		if (!entry)
			return -errno;
	} while (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."));
	*ret = entry->d_name;
	return 1;
}

/** vnm_cleanup_dir() - for vnm_autodir. */
void vnm_cleanup_dir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

static ssize_t read_retry(int fd, void *buf, size_t size)
{
	ssize_t n;

	do
		n = read(fd, buf, size);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

static ssize_t write_retry(int fd, const void *data, size_t len)
{
	ssize_t n;

	do
		n = write(fd, data, len);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

/** vnm_write_all() - write(2) all of it, repeated after EINTR. Return: 0 or -errno. */
int vnm_write_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write_retry(fd, data, len);

		if (n < 0)
			return (int)n;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

/** vnm_fsync() - fsync(2), repeated after EINTR. Return: 0 or -errno. */
int vnm_fsync(int fd)
{
	int r;

	do
		r = fsync(fd);
	while (r < 0 && errno == EINTR);
	return r < 0 ? -errno : 0;
}

/* O_NONBLOCK: a FIFO in the place of a file must not block. */
static int open_regular(int dirfd, const char *name, int flags, struct stat *ret)
{
	vnm_autoclose int fd = open_retry(dirfd, name, flags | O_NONBLOCK | O_NOCTTY, 0);

	if (fd < 0)
		return fd;
	if (fstat(fd, ret) < 0)
		return -errno;
	if (!S_ISREG(ret->st_mode))
		return S_ISDIR(ret->st_mode) ? -EISDIR : -EINVAL;
	return vnm_steal_fd(&fd);
}

/**
 * vnm_file_read() - read a whole file
 * @dirfd:   its directory
 * @name:    its name; a symlink is not followed (-ELOOP), a device or FIFO not read (-EINVAL)
 * @max:     bytes it may have
 * @ret:     its content and a NUL after it, to be freed
 * @ret_len: the length without that NUL; NULL: NUL bytes are refused
 *
 * Return: 0, -errno; -EFBIG when it is larger than @max; -EILSEQ for a NUL byte without @ret_len.
 */
int vnm_file_read(int dirfd, const char *name, size_t max, char **ret, size_t *ret_len)
{
	struct stat st = { 0 };
	vnm_autoclose int fd = open_regular(dirfd, name, O_RDONLY, &st);
	vnm_autofree char *data = NULL;
	size_t len = 0, room;

	if (fd < 0)
		return fd;
	/* One byte more than expected, so that the first read usually reaches the end. */
	room = st.st_size > 0 && (uintmax_t)st.st_size <= max ? (size_t)st.st_size : READ_STEP;
	room++;
	for (;;) {
		ssize_t n;

		data = vnm_realloc(data, room + 1);
		n = read_retry(fd, data + len, room - len);
		if (n < 0)
			return (int)n;
		if (n == 0)
			break;
		len += (size_t)n;
		if (len > max)
			return -EFBIG;
		if (st.st_size > 0 && len == (size_t)st.st_size && len < room)
			break; /* there was room for more */
		if (len == room)
			room += room;
	}
	data[len] = '\0';
	if (!ret_len && strlen(data) != len)
		return -EILSEQ;
	*ret = vnm_steal(&data);
	if (ret_len)
		*ret_len = len;
	return 0;
}

/** vnm_file_damaged() - did vnm_file_read() fail because of the file itself, so that it will fail again? */
bool vnm_file_damaged(int r)
{
	return r == -EFBIG || r == -EILSEQ || r == -EISDIR || r == -ELOOP || r == -EINVAL;
}

/* EINTR only before the kernel's random pool is ready at boot. */
static int random_bytes(uint8_t *buf, size_t size)
{
	ssize_t n;

	do
		n = getrandom(buf, size, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	return (size_t)n == size ? 0 : -EIO;
}

static int temp_name(const char *name, char temp[static NAME_MAX + 1])
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz012345";
	uint8_t random[TEMP_RANDOM];
	char text[TEMP_RANDOM + 1] = "";
	int r = random_bytes(random, sizeof(random));

	if (r < 0)
		return r;
	for (int i = 0; i < TEMP_RANDOM; i++)
		text[i] = letters[random[i] % (sizeof(letters) - 1)];
	if (snprintf(temp, NAME_MAX + 1, ".%s.%s" TEMP_SUFFIX, name, text) > NAME_MAX)
		return -ENAMETOOLONG;
	return 0;
}

/* What temp_name() makes, of the file @name; NULL: of any. */
static bool is_temp_name(const char *s, const char *name)
{
	size_t len = strlen(s), tail = TEMP_RANDOM + strlen(TEMP_SUFFIX);

	return s[0] == '.' && len > tail + 2 && s[len - tail - 1] == '.' &&
	       !strcmp(s + len - strlen(TEMP_SUFFIX), TEMP_SUFFIX) &&
	       (!name || (len - tail - 2 == strlen(name) && !strncmp(s + 1, name, strlen(name))));
}

static int temp_create(int dirfd, const char *name, char temp[static NAME_MAX + 1])
{
	int r = -EEXIST;

	for (int i = 0; r == -EEXIST && i < TEMP_TRIES; i++) {
		r = temp_name(name, temp);
		if (r == 0)
			r = open_retry(dirfd, temp, O_WRONLY | O_CREAT | O_EXCL, 0600);
	}
	return r;
}

/* Owner before mode: a change of owner may clear mode bits. */
static int temp_fill(int fd, const void *data, size_t len, mode_t mode, uid_t uid, gid_t gid,
		     enum vnm_durability durability)
{
	int r = vnm_write_all(fd, data, len);

	if (r < 0)
		return r;
	if ((uid != (uid_t)-1 || gid != (gid_t)-1) && fchown(fd, uid, gid) < 0)
		return -errno;
	if (fchmod(fd, mode) < 0)
		return -errno;
	return durability == VNM_DURABLE ? vnm_fsync(fd) : 0;
}

/** vnm_file_replace() - vnm_file_replace_as() for a file that is ours. */
int vnm_file_replace(int dirfd, const char *name, const void *data, size_t len, mode_t mode,
		     gid_t gid, enum vnm_durability durability)
{
	return vnm_file_replace_as(dirfd, name, data, len, mode, (uid_t)-1, gid, durability);
}

/**
 * vnm_file_replace_as() - replace a file's content atomically
 * @dirfd:      its directory
 * @name:       its name; a symlink there is replaced, not followed
 * @data:       the content
 * @len:        bytes of @data
 * @mode:       permissions, whatever the umask says
 * @uid:        owner, or (uid_t)-1 for us
 * @gid:        group, or (gid_t)-1 for the one the system gives
 * @durability: whether it must survive a power loss
 *
 * A reader finds the old content or the new one. If the program is killed, a temporary file may remain, for
 * vnm_file_sweep_temp().
 *
 * Return: 0 or -errno. After a failure the content is the old one, unless only the last step, the fsync of the
 * directory, failed.
 */
int vnm_file_replace_as(int dirfd, const char *name, const void *data, size_t len, mode_t mode,
			uid_t uid, gid_t gid, enum vnm_durability durability)
{
	char temp[NAME_MAX + 1];
	vnm_autoclose int fd = temp_create(dirfd, name, temp);
	int r;

	if (fd < 0)
		return fd;
	r = temp_fill(fd, data, len, mode, uid, gid, durability);
	/* Network file systems report a failed write at close. On Linux, EINTR means closed. */
	if (close(vnm_steal_fd(&fd)) < 0 && errno != EINTR && r == 0)
		r = -errno;
	if (r == 0 && renameat(dirfd, temp, dirfd, name) < 0)
		r = -errno;
	if (r < 0) {
		unlinkat(dirfd, temp, 0);
		return r;
	}
	return durability == VNM_DURABLE ? vnm_fsync(dirfd) : 0;
}

/**
 * vnm_file_append() - append a line to an existing file
 * @dirfd: its directory
 * @name:  its name
 * @line:  the line with its newline
 *
 * One write(2). If only a part of the line fits on the disk, it is truncated again.
 *
 * Return: 0 or -errno; -ENOSPC for such a line.
 */
int vnm_file_append(int dirfd, const char *name, const char *line)
{
	struct stat st = { 0 };
	vnm_autoclose int fd = open_regular(dirfd, name, O_WRONLY | O_APPEND, &st);
	ssize_t n;

	if (fd < 0)
		return fd;
	n = write_retry(fd, line, strlen(line));
	if (n < 0)
		return (int)n;
	if ((size_t)n == strlen(line))
		return 0;
	return ftruncate(fd, st.st_size) < 0 ? -errno : -ENOSPC;
}

/**
 * vnm_file_unlink() - remove a file
 * @dirfd:      its directory
 * @name:       its name; a missing one is success
 * @durability: whether the removal must survive a power loss
 *
 * Return: 0 or -errno.
 */
int vnm_file_unlink(int dirfd, const char *name, enum vnm_durability durability)
{
	if (unlinkat(dirfd, name, 0) < 0)
		return errno == ENOENT ? 0 : -errno;
	return durability == VNM_DURABLE ? vnm_fsync(dirfd) : 0;
}

/* Unlink the files in a directory that @wanted selects, with @of; NULL: all. Subdirectories stay. */
static int unlink_files(int dirfd, bool (*wanted)(const char *name, const char *of), const char *of)
{
	vnm_autodir DIR *dir = NULL;
	const char *name;
	int r = vnm_dir_list(dirfd, ".", &dir), more;

	if (r < 0)
		return r;
	while ((more = vnm_dir_next(dir, &name)) > 0)
		if ((!wanted || wanted(name, of)) && unlinkat(dirfd, name, 0) < 0 &&
		    errno != ENOENT && r == 0)
			r = -errno;
	return r ? r : more;
}

/**
 * vnm_file_sweep_temp() - remove what an interrupted vnm_file_replace() left
 * @dirfd: the directory; the caller holds the lock, so that no replacement is in progress
 *
 * Return: 0, or -errno of the first file that could not be removed.
 */
int vnm_file_sweep_temp(int dirfd)
{
	return vnm_file_sweep_temp_of(dirfd, NULL);
}

/** vnm_file_sweep_temp_of() - only what replacements of the file @name have left, where others have files, too */
int vnm_file_sweep_temp_of(int dirfd, const char *name)
{
	return unlink_files(dirfd, is_temp_name, name);
}

/**
 * vnm_dir_remove() - remove a directory of ours with its files
 * @dirfd: the directory above it
 * @name:  its name; a missing one is success
 *
 * One level only: a directory inside it is foreign, and an error.
 *
 * Return: 0 or -errno.
 */
int vnm_dir_remove(int dirfd, const char *name)
{
	vnm_autoclose int fd = open_retry(dirfd, name, O_RDONLY | O_DIRECTORY, 0);
	int r;

	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	r = unlink_files(fd, NULL, NULL);
	if (r < 0)
		return r;
	if (unlinkat(dirfd, name, AT_REMOVEDIR) < 0 && errno != ENOENT)
		return -errno;
	return 0;
}

/**
 * vnm_proc_write() - set a file of /proc/sys or /sys
 * @path:  its path; it is never created
 * @value: the text, written by one write(2), as the kernel wants it
 *
 * Return: 0 or -errno; -EIO for a short write.
 */
int vnm_proc_write(const char *path, const char *value)
{
	vnm_autoclose int fd = open_retry(AT_FDCWD, path, O_WRONLY, 0);
	ssize_t n;

	if (fd < 0)
		return fd;
	n = write_retry(fd, value, strlen(value));
	if (n < 0)
		return (int)n;
	return (size_t)n == strlen(value) ? 0 : -EIO;
}

/**
 * vnm_proc_read() - read the first line of a file of /proc or /sys
 * @path: its path
 * @buf:  gets the line without its newline
 * @size: bytes of @buf
 *
 * Return: 0 or -errno; -EOVERFLOW when the line does not fit.
 */
int vnm_proc_read(const char *path, char *buf, size_t size)
{
	vnm_autoclose int fd = open_retry(AT_FDCWD, path, O_RDONLY, 0);
	char *newline = NULL;
	size_t len = 0;

	if (fd < 0)
		return fd;
	while (len < size) {
		ssize_t n = read_retry(fd, buf + len, size - len);

		if (n < 0)
			return (int)n;
		if (n == 0)
			break;
		len += (size_t)n;
		newline = memchr(buf, '\n', len);
		if (newline)
			break;
	}
	if (newline)
		len = (size_t)(newline - buf);
	if (len == size)
		return -EOVERFLOW;
	buf[len] = '\0';
	return 0;
}
