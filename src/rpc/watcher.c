/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watcher.c - the process that watches networks for one connection.
 *
 * Theory of operation. A watch waits in its own way, and so it has a process of its own, which writes what it sees to a pipe: one
 * message each, encoded as struct vnm_rpc_seen. The first one has no network: it says that the watch is open, or why it is
 * not. A connection that does not read, since its client does not, lets the pipe fill up, and then the watch waits.
 */
#include "rpc/watcher.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <stdio.h>
#include <unistd.h>

#include "rpc/frame.h"
#include "util/file.h"
#include "util/mem.h"
#include "watch/watch.h"

static const struct vnm_rpc_shape seen_shape = { (xdrproc_t)xdr_vnm_rpc_seen,
						 sizeof(vnm_rpc_seen) };

static int send_seen(int fd, const vnm_rpc_seen *seen)
{
	static const struct vnm_rpc_header header = { .type = VNM_RPC_TYPE_MESSAGE };
	vnm_autobuf struct vnm_buf text = { 0 };

	if (!vnm_rpc_frame_encode(&header, &seen_shape, seen, &text))
		return 0;
	return vnm_write_all(fd, text.data, text.len);
}

static int send_event(int fd, const struct vnm_event *event)
{
	vnm_rpc_seen seen = {
		.what = (int)event->what,
		.net.name = event->network,
		.uri = event->detail ? (vnm_rpc_opt_string)&event->detail : NULL,
	};

	memcpy(seen.net.uuid, event->uuid.b, sizeof(seen.net.uuid));
	return send_seen(fd, &seen);
}

static void report(void *data, enum vnm_report_kind kind, const char *line)
{
	(void)data;
	if (kind == VNM_REPORT_WARNING)
		dprintf(STDERR_FILENO, "warning: %s\n", line);
}

/* Until the connection is gone, or the watch fails. */
static void watch(int fd, int stop_fd, const char *root)
{
	const struct vnm_watch_options options = {
		.root = root,
		.types = 1u << VNM_EVENT_LIFECYCLE | 1u << VNM_EVENT_METADATA_CHANGE,
		.report = { .line = report },
	};
	vnm_autowatch struct vnm_watch *open = NULL;
	struct vnm_error err = { 0 };
	char *why = err.msg, *none = "";
	vnm_rpc_seen first = { .net.name = none };
	int r = vnm_watch_open(&options, &open, &err);

	first.what = (int)err.code;
	first.uri = r < 0 ? &why : NULL;
	if (send_seen(fd, &first) < 0)
		return;
	while (r == 0) {
		vnm_autoevent struct vnm_event event = { 0 };

		r = vnm_watch_next(open, stop_fd, -1, &event, &err);
		if (r != VNM_WATCH_EVENT || send_event(fd, &event) < 0)
			return;
		r = 0;
	}
}

/* What its first message says. */
static int wait_open(int fd, struct vnm_error *err)
{
	char frame[VNM_RPC_FRAME_HEAD + VNM_ERROR_MAX + 64];
	vnm_rpc_seen seen = { 0 };
	size_t n = 0, len = 0;
	ssize_t got = 1;

	while (got > 0 && (len == 0 || n < len)) {
		got = read(fd, frame + n, len ? len - n : sizeof(uint32_t) - n);
		n += got > 0 ? (size_t)got : 0;
		if (len == 0 && (vnm_rpc_frame_length(frame, n, &len) < 0 || len > sizeof(frame)))
			got = 0;
	}
	if (got <= 0 || !vnm_rpc_frame_decode(frame, len, &seen_shape, &seen))
		return vnm_error_set(err, VNM_ERR_SYSTEM, EIO,
				     "networks cannot be watched: the process that does it ended");
	if (seen.uri)
		vnm_error_set(err, (enum vnm_err)seen.what, EIO, "%s", *seen.uri);
	xdr_free((xdrproc_t)xdr_vnm_rpc_seen, &seen);
	return err->code == VNM_ERR_NONE ? 0 : -EIO;
}

/**
 * vnm_rpc_watcher_start() - begin to watch: no later event is missed
 * @watcher: VNM_RPC_WATCHER_INIT
 * @root:    of the state directories; NULL: the system's
 * @client:  the connection, which it must not hold open
 * @err:     set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_rpc_watcher_start(struct vnm_rpc_watcher *watcher, const char *root, int client,
			  struct vnm_error *err)
{
	int seen[2], stop[2], r;

	if (pipe2(seen, O_CLOEXEC) < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, errno, "cannot watch networks: %s",
				     strerror(errno));
	if (pipe2(stop, O_CLOEXEC) < 0) {
		r = vnm_error_set(err, VNM_ERR_SYSTEM, errno, "cannot watch networks: %s",
				  strerror(errno));
		close(seen[0]);
		close(seen[1]);
		return r;
	}
	watcher->pid = fork();
	if (watcher->pid == 0) {
		close(seen[0]);
		close(stop[1]);
		close(client);
		watch(seen[1], stop[0], root);
		_exit(0);
	}
	close(seen[1]);
	close(stop[0]);
	watcher->fd = seen[0];
	watcher->stop_fd = stop[1];
	if (watcher->pid < 0)
		r = vnm_error_set(err, VNM_ERR_SYSTEM, errno, "cannot watch networks: %s",
				  strerror(errno));
	else
		r = wait_open(watcher->fd, err);
	if (r < 0)
		vnm_rpc_watcher_stop(watcher);
	return r;
}

/** vnm_rpc_watcher_stop() - end it; none is no error */
void vnm_rpc_watcher_stop(struct vnm_rpc_watcher *watcher)
{
	vnm_cleanup_close(&watcher->fd);
	vnm_cleanup_close(&watcher->stop_fd);
	if (watcher->pid > 0) {
		kill(watcher->pid, SIGKILL); /* it holds nothing */
		waitpid(watcher->pid, NULL, 0);
	}
	watcher->pid = 0;
}
