/* SPDX-License-Identifier: GPL-2.0-or-later */
/* inotify.h - events in directories: one queue, read event by event. */
#ifndef VNM_UTIL_INOTIFY_H
#define VNM_UTIL_INOTIFY_H

#include <stddef.h>
#include <stdint.h>
#include <sys/inotify.h>

/** struct vnm_inotify - a queue of the kernel, and what was read of it. @fd is readable when there is more. */
struct vnm_inotify {
	int fd;
	size_t len, pos;
	char buf[16384] __attribute__((aligned(__alignof__(struct inotify_event))));
};

int vnm_inotify_open(struct vnm_inotify *in);
void vnm_inotify_close(struct vnm_inotify *in);
int vnm_inotify_add(struct vnm_inotify *in, int dirfd, uint32_t mask);
int vnm_inotify_next(struct vnm_inotify *in, const struct inotify_event **ret);

#endif
