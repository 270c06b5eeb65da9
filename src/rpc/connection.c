/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * connection.c - the process of one connection.
 *
 * Theory of operation. One loop waits for the client, for the worker that makes a change, and for the watcher that sees events.
 * Calls are answered in their order; while its worker makes a change, those that follow wait, and only keepalive among them is
 * answered at once. What a client can make us hold is limited: an incomplete message, by its length and by time; what follows a
 * change, by the same length; answers that it does not read: above a limit, nothing more is read from it or its watcher, and if
 * it reads none of them for as long as it may take for a message, the connection ends.
 *
 * What it does itself, it does with a driver that it keeps (driver/keep.c). A change of its worker makes that one void, and the next
 * is opened as soon as the answer is on its way, while the client is at work with it.
 */
#include "rpc/connection.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <stdio.h>
#include <unistd.h>

#include "rpc/client.h"
#include "rpc/dispatch.h"
#include "rpc/events.h"
#include "rpc/frame.h"
#include "rpc/worker.h"
#include "util/buf.h"
#include "util/mem.h"
#include "util/poll.h"

#define UNREAD_MAX (1024 * 1024) /* bytes of answers that the client has not read */
#define KEPT_MAX (64 * 1024) /* an empty buffer that is larger is freed */

/**
 * struct connection - one connection
 * @in:       received and not handled yet; @taken: bytes handled before it
 * @out:      to be sent; the first @sent bytes are
 * @seen:     from the watcher
 * @begun:    where the incomplete message at the end of @in begins, counted from the first byte of all; @begun_ms: since when
 * @opened_ms: when the client connected; @stuck_ms: since when it has read none of what is to be sent; 0: it reads
 * @changed: the worker has made a change since the last call
 * @patience_ms: for CONNECT_OPEN, for the rest of a message, and for reading any answer
 */
struct connection {
	struct vnm_rpc_client client;
	struct vnm_rpc_worker worker;
	struct vnm_buf in, out, seen;
	uint64_t taken, begun;
	size_t sent;
	bool changed;
	int64_t begun_ms, opened_ms, stuck_ms, patience_ms;
};

static size_t unread(const struct connection *conn)
{
	return conn->out.len - conn->sent;
}

static void cut(struct vnm_buf *buf, size_t at, size_t len)
{
	if (len == 0)
		return;
	memmove(buf->data + at, buf->data + at + len, buf->len - at - len);
	vnm_buf_truncate(buf, buf->len - len);
	if (buf->len == 0 && buf->cap > KEPT_MAX)
		vnm_buf_clear(buf);
}

/* The length of the message at @at: 0: it is not complete. Return: 0 or -EMSGSIZE. */
static int complete_at(const struct vnm_buf *buf, size_t at, size_t *ret)
{
	int r;

	*ret = 0;
	if (buf->len == at)
		return 0;
	r = vnm_rpc_frame_length(buf->data + at, buf->len - at, ret);
	if (*ret > buf->len - at)
		*ret = 0;
	return r;
}

static void handle(struct connection *conn, const char *frame, size_t len)
{
	const struct vnm_rpc_procedure *procedure =
		vnm_rpc_dispatch(&conn->client, frame, &conn->out);

	if (!procedure)
		return;
	if (!(procedure->rights & VNM_RPC_MAY_CHANGE))
		vnm_rpc_perform(&conn->client, procedure, frame, len, &conn->out);
	else if (!vnm_rpc_perform_at_once(&conn->client, procedure, frame, len, &conn->out))
		vnm_rpc_worker_start(&conn->worker, &conn->client, frame, len, &conn->out);
}

static bool is_keepalive(const char *frame)
{
	struct vnm_rpc_header header;

	vnm_rpc_frame_header(frame, &header);
	return vnm_rpc_frame_keepalive(&header);
}

/* Since when the message at @at, of which nothing or a part is there, is waited for. */
static void note_begun(struct connection *conn, size_t at)
{
	bool partial = conn->in.len > at;

	if (!partial)
		conn->begun_ms = 0;
	else if (conn->begun_ms == 0 || conn->begun != conn->taken + at)
		conn->begun_ms = vnm_now_ms();
	conn->begun = conn->taken + at;
}

/* Can the message at @at, the first one that is not handled, be handled now, if it is complete? */
static bool is_next(const struct connection *conn, size_t at)
{
	size_t len;

	return !conn->worker.busy && unread(conn) <= UNREAD_MAX &&
	       complete_at(&conn->in, at, &len) == 0 && len > 0;
}

/* All messages that can be handled now. Return: 0, or -EMSGSIZE: the client is no client of ours. */
static int handle_messages(struct connection *conn)
{
	size_t at = 0, handled = 0, len;
	int r;

	while ((r = complete_at(&conn->in, at, &len)) == 0 && len > 0) {
		if (at == handled && is_next(conn, at)) {
			handle(conn, conn->in.data + at, len);
			handled += len;
		} else if (is_keepalive(conn->in.data + at)) {
			handle(conn, conn->in.data + at, len);
			cut(&conn->in, at, len);
			conn->taken += len;
			continue;
		}
		at += len;
	}
	note_begun(conn, at);
	cut(&conn->in, 0, handled);
	conn->taken += handled;
	return r;
}

/* Return: 0 or -errno. */
static int send_some(struct connection *conn)
{
	ssize_t n;

	if (unread(conn) == 0)
		return 0;
	n = send(conn->client.fd, conn->out.data + conn->sent, unread(conn),
		 MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		return -errno;
	if (n > 0) {
		conn->sent += (size_t)n;
		conn->stuck_ms = 0;
	}
	if (unread(conn) == 0) {
		cut(&conn->out, 0, conn->sent);
		conn->sent = 0;
	} else if (conn->stuck_ms == 0) {
		conn->stuck_ms = vnm_now_ms();
	}
	return 0;
}

/* Return: 0, -EPIPE at the end, -errno. */
static int receive_some(int fd, struct vnm_buf *buf)
{
	char chunk[16384];
	ssize_t n = read(fd, chunk, sizeof(chunk));

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	if (n == 0)
		return -EPIPE;
	vnm_buf_addn(buf, chunk, (size_t)n);
	return 0;
}

/* Without its watcher, a client would wait for events in vain, so the connection ends with it. Return: 0 or -errno. */
static int deliver_events(struct connection *conn)
{
	int r = receive_some(conn->client.watcher.fd, &conn->seen);
	size_t len;

	if (r < 0)
		dprintf(STDERR_FILENO, "warning: events are no longer watched; the connection "
				       "that waits for them is closed\n");
	while (r == 0 && (r = complete_at(&conn->seen, 0, &len)) == 0 && len > 0) {
		vnm_rpc_events_deliver(&conn->client, conn->seen.data, len, &conn->out);
		cut(&conn->seen, 0, len);
	}
	return r;
}

static bool wants_input(const struct connection *conn)
{
	return conn->in.len < VNM_RPC_FRAME_MAX && unread(conn) <= UNREAD_MAX;
}

/* When the client has been too slow; -1: never. */
static int64_t deadline(const struct connection *conn)
{
	if (conn->stuck_ms > 0)
		return conn->stuck_ms + conn->patience_ms;
	if (!wants_input(conn))
		return -1;
	if (!conn->client.was_open)
		return conn->opened_ms + conn->patience_ms;
	return conn->begun_ms > 0 ? conn->begun_ms + conn->patience_ms : -1;
}

/* Return: 0, or negative: the connection is at its end. */
static int wait_once(struct connection *conn)
{
	short events = (short)((wants_input(conn) ? POLLIN : 0) | (unread(conn) ? POLLOUT : 0));
	struct pollfd fds[] = {
		{ .fd = conn->client.fd, .events = events },
		{ .fd = conn->worker.fd, .events = POLLIN },
		{ .fd = unread(conn) > UNREAD_MAX ? -1 : conn->client.watcher.fd,
		  .events = POLLIN },
	};
	int r = vnm_poll_until(fds, VNM_ARRAY_SIZE(fds), deadline(conn));

	if (r <= 0)
		return r < 0 ? r : -ETIMEDOUT;
	r = 0;
	if (fds[0].revents & POLLIN)
		r = receive_some(conn->client.fd, &conn->in);
	else if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL))
		r = -EPIPE;
	if (r == 0 && fds[1].revents) {
		conn->changed = conn->worker.busy;
		vnm_rpc_worker_take(&conn->worker, &conn->out);
	}
	if (r == 0 && fds[2].revents)
		r = deliver_events(conn);
	return r;
}

static void make_ready(struct connection *conn)
{
	if (!conn->changed || conn->worker.busy || conn->in.len > 0 || unread(conn) > 0)
		return;
	conn->changed = false;
	vnm_rpc_make_ready(&conn->client);
}

/**
 * vnm_rpc_connection_serve() - serve a client until it goes away
 * @fd:        its socket
 * @read_only: it may not change anything
 * @terms:     the server's; what they point to stays
 *
 * A worker that is still at work goes on.
 */
void vnm_rpc_connection_serve(int fd, bool read_only, const struct vnm_rpc_terms *terms)
{
	struct connection conn = {
		.worker = VNM_RPC_WORKER_INIT,
		.opened_ms = vnm_now_ms(),
		.patience_ms = (int64_t)terms->patience * 1000,
	};
	int r = 0;

	vnm_rpc_client_init(&conn.client, fd, terms->root, read_only);
	conn.client.schema = terms->schema;
	while (r == 0) {
		r = wait_once(&conn);
		do {
			if (r == 0)
				r = handle_messages(&conn);
			if (r == 0)
				r = send_some(&conn);
		} while (r == 0 && is_next(&conn, 0));
		if (r == 0)
			make_ready(&conn);
	}
	vnm_rpc_client_clear(&conn.client);
	vnm_buf_clear(&conn.in);
	vnm_buf_clear(&conn.out);
	vnm_buf_clear(&conn.seen);
}
