/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memory_file.c - a text as a file without a name, for the standard input of a program. */
#define _GNU_SOURCE 1 /* memfd_create */
#include "util/memory_file.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "util/file.h"
#include "util/mem.h"

/**
 * vnm_memory_file() - a file with a text in it, at its beginning
 * @name: for /proc/PID/fd only
 * @text: its contents, @len bytes
 * @len:  how many
 *
 * A file, not a pipe: nothing blocks if the program does not read it.
 *
 * Return: a descriptor or -errno.
 */
int vnm_memory_file(const char *name, const char *text, size_t len)
{
	vnm_autoclose int fd = memfd_create(name, MFD_CLOEXEC);
	int r;

	if (fd < 0)
		return -errno;
	r = vnm_write_all(fd, text, len);
	if (r < 0)
		return r;
	return lseek(fd, 0, SEEK_SET) < 0 ? -errno : vnm_steal_fd(&fd);
}
