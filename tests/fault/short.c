/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * short.c - read() of 64 bytes of a file and write() of one at a time, as both may: LD_PRELOAD=short.so.
 * VNM_SHORT_COUNT=FILE: how many calls were cut short, if the program got as far as exit().
 *
 * /proc and /sys are left alone: the kernel gives what is there in one piece, or not at all. So are lines that are
 * appended to a journal: they are one write, and one that is cut off counts as a full disk.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <linux/magic.h>
#include <unistd.h>

#include "count.h"

/* libxml2 wants the XML declaration in one piece. */
enum { READ = 64, WRITE = 1 };

static unsigned long cut;

static __attribute__((destructor)) void end(void)
{
	write_count("VNM_SHORT_COUNT", cut);
}

/* Of files and pipes; a message through a socket is one piece. */
static size_t at_most(int fd, size_t size, size_t few)
{
	struct stat st;
	struct statfs fs;

	if (size <= few || fstat(fd, &st) < 0 || fstatfs(fd, &fs) < 0)
		return size;
	if (!S_ISREG(st.st_mode) && !S_ISFIFO(st.st_mode))
		return size;
	if (fcntl(fd, F_GETFL) & O_APPEND)
		return size;
	if (fs.f_type == PROC_SUPER_MAGIC || fs.f_type == SYSFS_MAGIC || fs.f_type == CGROUP2_SUPER_MAGIC)
		return size;
	cut++;
	return few;
}

ssize_t write(int fd, const void *data, size_t size)
{
	return syscall(SYS_write, fd, data, at_most(fd, size, WRITE));
}

ssize_t read(int fd, void *data, size_t size)
{
	return syscall(SYS_read, fd, data, at_most(fd, size, READ));
}

ssize_t __read_chk(int fd, void *data, size_t size, size_t room);
ssize_t __read_chk(int fd, void *data, size_t size, size_t room)
{
	return syscall(SYS_read, fd, data, at_most(fd, size < room ? size : room, READ));
}
