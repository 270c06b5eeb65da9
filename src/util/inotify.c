/* SPDX-License-Identifier: GPL-2.0-or-later */
/* inotify.c - events in directories. */
#include "util/inotify.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

/** vnm_inotify_open() - a queue without watches; end it with vnm_inotify_close(). Return: 0 or -errno. */
int vnm_inotify_open(struct vnm_inotify *in)
{
	in->len = in->pos = 0;
	in->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	return in->fd < 0 ? -errno : 0;
}

/** vnm_inotify_close() - close the queue; idempotent. */
void vnm_inotify_close(struct vnm_inotify *in)
{
	if (in->fd >= 0)
		close(in->fd);
	in->fd = -1;
}

/**
 * vnm_inotify_add() - watch a directory
 * @in:    the queue
 * @dirfd: the directory: this very one, whatever has its name by now
 * @mask:  event bits of inotify(7)
 *
 * Return: the watch descriptor, or -errno: -ENOSPC when the user has too many watches.
 */
int vnm_inotify_add(struct vnm_inotify *in, int dirfd, uint32_t mask)
{
	char path[32];
	int wd;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", dirfd);
	wd = inotify_add_watch(in->fd, path, mask | IN_ONLYDIR);
	return wd < 0 ? -errno : wd;
}

/**
 * vnm_inotify_next() - the next event
 * @in:  the queue
 * @ret: the event, valid until the next call; its name is "" when @len is 0
 *
 * Return: 1; 0 when there is none now; or -errno.
 */
int vnm_inotify_next(struct vnm_inotify *in, const struct inotify_event **ret)
{
	const struct inotify_event *event;

	if (in->pos == in->len) {
		ssize_t n;

		do
			n = read(in->fd, in->buf, sizeof(in->buf));
		while (n < 0 && errno == EINTR);
		if (n < 0)
			return errno == EAGAIN ? 0 : -errno;
		in->len = (size_t)n;
		in->pos = 0;
		if (n == 0)
			return 0;
	}
	event = (const struct inotify_event *)(in->buf + in->pos);
	in->pos += sizeof(*event) + event->len;
	*ret = event;
	return 1;
}
