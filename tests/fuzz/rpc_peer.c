/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rpc_peer.c - the client of a connection, and its processes, in one thread with it. Whenever the connection has nothing left to do and
 * waits, the client reads all answers and sends the next piece of the input; when all is sent, it goes away. A worker has done its
 * work when the connection looks the next time; a watcher has seen some events when it starts.
 */
#include "rpc_stub.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"
#include "rpc/dispatch.h"
#include "rpc/frame.h"
#include "rpc/watcher.h"
#include "rpc/worker.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/poll.h"
#include "watch/event.h"

static struct {
	int fd;
	const uint8_t *data;
	size_t size, sent;
	bool gone;
	struct vnm_buf received;
	int worker_fd;
	struct vnm_buf answer;
	int64_t now;
} peer;

/** vnm_fuzz_peer_begin() - a client that will send @data to the other end of @fd */
void vnm_fuzz_peer_begin(int fd, const uint8_t *data, size_t size)
{
	peer.fd = fd;
	peer.data = data;
	peer.size = size;
	peer.sent = 0;
	peer.gone = false;
	peer.worker_fd = -1;
}

static bool receive(void)
{
	char chunk[65536];
	ssize_t n, total = 0;

	while ((n = recv(peer.fd, chunk, sizeof(chunk), MSG_DONTWAIT)) > 0) {
		vnm_buf_addn(&peer.received, chunk, (size_t)n);
		total += n;
	}
	return total > 0;
}

/** vnm_fuzz_peer_end() - the connection is closed. @received: gets all that the client has read */
void vnm_fuzz_peer_end(struct vnm_buf *received)
{
	(void)receive();
	*received = peer.received;
	peer.received = (struct vnm_buf){ 0 };
	vnm_buf_clear(&peer.answer);
	vnm_cleanup_close(&peer.worker_fd);
}

/** vnm_fuzz_messages() - the bytes of all whole and valid messages at the beginning */
size_t vnm_fuzz_messages(const uint8_t *data, size_t size)
{
	size_t at = 0, len;

	while (vnm_rpc_frame_length(data + at, size - at, &len) == 0 && len > 0 && len <= size - at)
		at += len;
	return at;
}

/* The next piece, or the end. Return: whether there was anything left to do. */
static bool take_turn(void)
{
	bool received = receive();
	size_t left = peer.size - peer.sent, len = left;
	ssize_t n;

	if (left == 0) {
		if (!peer.gone)
			(void)shutdown(peer.fd, SHUT_WR);
		received |= !peer.gone;
		peer.gone = true;
		return received;
	}
	if (vnm_fuzz_random(2))
		len = 1 + vnm_fuzz_random((unsigned)left);
	n = send(peer.fd, peer.data + peer.sent, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	peer.sent += n > 0 ? (size_t)n : 0;
	return n > 0 || received;
}

/* A client that stops in the middle of a message is not waited for without end. */
static void check_deadline(const struct pollfd *client, int64_t deadline_ms)
{
	if ((client->events & POLLIN) && vnm_fuzz_messages(peer.data, peer.sent) < peer.sent)
		vnm_fuzz_true(deadline_ms >= 0, "the rest of a message has a deadline", "");
}

/** vnm_now_ms() - in place of the clock */
int64_t vnm_now_ms(void)
{
	return ++peer.now;
}

/** vnm_poll_until() - in place of waiting: the client does something */
int vnm_poll_until(struct pollfd *fds, nfds_t n, int64_t deadline_ms)
{
	int r;

	while ((r = poll(fds, n, 0)) == 0) {
		check_deadline(&fds[0], deadline_ms);
		if (!take_turn())
			break;
	}
	return r < 0 ? -errno : r;
}

/** vnm_rpc_worker_start() - in place of a process: the answer is there when it is looked for */
void vnm_rpc_worker_start(struct vnm_rpc_worker *worker, struct vnm_rpc_client *client,
			  const void *frame, size_t len, struct vnm_buf *out)
{
	struct vnm_rpc_header header;

	(void)out;
	vnm_rpc_frame_header(frame, &header);
	vnm_fuzz_true(client->opened && !client->read_only, "the client may change something", "");
	vnm_fuzz_true(!worker->busy, "one change at a time", "");
	vnm_rpc_client_forget_driver(client);
	vnm_rpc_perform(client, vnm_rpc_procedure_find(header.procedure), frame, len, &peer.answer);
	worker->busy = true;
	worker->fd = peer.worker_fd = eventfd(1, EFD_CLOEXEC);
}

/** vnm_rpc_worker_take() - the answer */
void vnm_rpc_worker_take(struct vnm_rpc_worker *worker, struct vnm_buf *out)
{
	vnm_buf_addn(out, peer.answer.data, peer.answer.len);
	vnm_buf_clear(&peer.answer);
	vnm_cleanup_close(&peer.worker_fd);
	worker->fd = -1;
	worker->busy = false;
}

static void see_something(int fd)
{
	static const struct vnm_rpc_shape shape = { (xdrproc_t)xdr_vnm_rpc_seen,
						    sizeof(vnm_rpc_seen) };
	static const struct vnm_rpc_header header = { .type = VNM_RPC_TYPE_MESSAGE };
	vnm_autofree char *name = vnm_strdup("net"), *uri = vnm_strdup("urn:x");
	vnm_rpc_seen seen = {
		.what = (int)vnm_fuzz_random(VNM_EVENT_WHAT_COUNT + 2) - 1,
		.net.name = name,
		.uri = vnm_fuzz_random(2) ? &uri : NULL,
	};
	vnm_autobuf struct vnm_buf text = { 0 };

	memset(seen.net.uuid, vnm_fuzz_random(2) ? '0' : 'x', sizeof(seen.net.uuid));
	(void)vnm_rpc_frame_encode(&header, &shape, &seen, &text);
	(void)vnm_write_all(fd, text.data, text.len);
}

/** vnm_rpc_watcher_start() - in place of a process */
int vnm_rpc_watcher_start(struct vnm_rpc_watcher *watcher, const char *root, int client,
			  struct vnm_error *err)
{
	int fds[2];

	(void)root, (void)client;
	if (vnm_fuzz_random(8) == 0 || pipe(fds) < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, EMFILE, "cannot watch networks");
	watcher->pid = 1;
	watcher->fd = fds[0];
	watcher->stop_fd = fds[1];
	for (unsigned n = vnm_fuzz_random(4); n > 0; n--)
		see_something(fds[1]);
	return 0;
}

/** vnm_rpc_watcher_stop() - none is no error */
void vnm_rpc_watcher_stop(struct vnm_rpc_watcher *watcher)
{
	vnm_cleanup_close(&watcher->fd);
	vnm_cleanup_close(&watcher->stop_fd);
	watcher->pid = 0;
}
