/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * worker.c - the process that makes the changes of a connection, one after the other.
 *
 * Theory of operation. A change may take long, since hooks and dnsmasq are waited for, and the driver waits for its lock in its
 * own way; meanwhile the connection must answer keepalive. So changes, but for definitions that can be stored at once, have a process
 * of their own, which does what a command does, with signals deferred. A client that goes away, or a connection that is killed, does not abort it; if it is killed itself, the
 * next one that opens the driver rolls back what it has begun.
 *
 * It is started by the first change, and stays for a while, since a process costs as much as a short change. When it has had nothing
 * to do, it first refuses what is not sent yet, and then looks for the last time: so a call that is sent is made, and one that
 * cannot be sent was not begun, and is for a new process.
 */
#include "rpc/worker.h"

#include <endian.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "driver/driver.h"
#include "rpc/dispatch.h"
#include "rpc/fault.h"
#include "util/file.h"
#include "util/mem.h"

#define IDLE_SECONDS 10
#define ENDED                                                                                     \
	"the process that made the change ended before it was done; what it had begun is rolled " \
	"back"

/* @ret: the mask before. */
static void defer_signals(sigset_t *ret)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGPIPE);
	sigprocmask(SIG_BLOCK, &set, ret);
}

/* Meanwhile a signal ends us: nothing is at work. */
static void wait_for_call(int fd, const sigset_t *mask)
{
	const struct timespec idle = { .tv_sec = IDLE_SECONDS };
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	int r;

	do
		r = ppoll(&ready, 1, &idle, mask);
	while (r < 0 && errno == EINTR);
	if (r == 0)
		(void)shutdown(fd, SHUT_RD);
}

/* Return: whether all of it has come; else there will be none. */
static bool read_call(int fd, struct vnm_buf *ret)
{
	char chunk[16384];
	size_t len = 0;

	while (len == 0 || ret->len < len) {
		ssize_t n = read(fd, chunk, sizeof(chunk));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		vnm_buf_addn(ret, chunk, (size_t)n);
		if (vnm_rpc_frame_length(ret->data, ret->len, &len) < 0)
			return false;
	}
	return true;
}

/* Return: whether the connection has got its answer. */
static bool make_call(int fd, struct vnm_rpc_client *client, const struct vnm_buf *call)
{
	vnm_autobuf struct vnm_buf answer = { 0 };
	struct vnm_rpc_header header;

	vnm_rpc_frame_header(call->data, &header);
	vnm_rpc_perform(client, vnm_rpc_procedure_find(header.procedure), call->data, call->len,
			&answer);
	return vnm_write_all(fd, answer.data, answer.len) == 0;
}

static _Noreturn void work(int fd, struct vnm_rpc_client *client)
{
	bool goes_on = true;
	sigset_t mask;

	defer_signals(&mask);
	close(client->fd);
	vnm_cleanup_close(&client->watcher.fd);
	vnm_cleanup_close(&client->watcher.stop_fd);
	while (goes_on) {
		vnm_autobuf struct vnm_buf call = { 0 };

		wait_for_call(fd, &mask);
		goes_on = read_call(fd, &call) && make_call(fd, client, &call);
	}
	_exit(0);
}

static void answer_failure(const struct vnm_rpc_header *header, const char *what,
			   struct vnm_buf *out)
{
	vnm_rpc_autofault vnm_rpc_error fault = { 0 };

	vnm_rpc_refuse(&fault, VNM_RPC_CODE_INTERNAL, VNM_RPC_DOMAIN_RPC, "internal error: %s",
		       what);
	vnm_rpc_answer_fault(header, &fault, out);
}

/* What each would load for itself. */
static void prepare(struct vnm_rpc_client *client)
{
	struct vnm_error ignored = { 0 };

	if (!client->schema)
		(void)vnm_driver_schema("network.rng", &client->schema, &ignored);
	vnm_rpc_client_forget_driver(client);
}

/* Return: 0 or -errno. */
static int start_process(struct vnm_rpc_worker *worker, struct vnm_rpc_client *client)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
		return -errno;
	prepare(client);
	worker->pid = fork();
	if (worker->pid == 0) {
		close(fds[0]);
		work(fds[1], client);
	}
	close(fds[1]);
	worker->fd = fds[0];
	worker->identity = client->identity;
	return worker->pid < 0 ? -EAGAIN : 0;
}

/* It has ended, or does so now, since it has nothing to do. */
static void forget_process(struct vnm_rpc_worker *worker)
{
	vnm_cleanup_close(&worker->fd);
	while (worker->pid > 0 && waitpid(worker->pid, NULL, 0) < 0 && errno == EINTR)
		;
	worker->pid = 0;
	vnm_buf_clear(&worker->answer);
}

static bool send_call(const struct vnm_rpc_worker *worker, const char *frame, size_t len)
{
	while (len > 0) {
		ssize_t n = send(worker->fd, frame, len, MSG_NOSIGNAL);

		if (n < 0 && errno != EINTR)
			return false;
		frame += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
	return true;
}

/**
 * vnm_rpc_worker_start() - begin a change
 * @worker: not busy
 * @client: who calls
 * @frame:  the call's message
 * @len:    its bytes
 * @out:    gets an answer if it cannot be begun
 */
void vnm_rpc_worker_start(struct vnm_rpc_worker *worker, struct vnm_rpc_client *client,
			  const void *frame, size_t len, struct vnm_buf *out)
{
	bool started;

	vnm_rpc_frame_header(frame, &worker->header);
	if (worker->pid > 0 &&
	    (worker->identity != client->identity || !send_call(worker, frame, len)))
		forget_process(worker);
	else
		worker->busy = worker->pid > 0;
	if (worker->busy)
		return;
	started = start_process(worker, client) == 0;
	worker->busy = started && send_call(worker, frame, len);
	if (worker->busy)
		return;
	forget_process(worker);
	answer_failure(&worker->header,
		       started ? ENDED : "no process for the change could be started", out);
}

/* Return: whether all of it is there. */
static bool is_complete(const struct vnm_buf *answer)
{
	uint32_t len = 0;

	if (answer->len >= sizeof(len))
		memcpy(&len, answer->data, sizeof(len));
	return answer->len > 0 && be32toh(len) == answer->len;
}

/**
 * vnm_rpc_worker_take() - take what has come from it: an answer, a part of one, or its end
 * @worker: whose @fd is readable
 * @out:    gets the answer
 */
void vnm_rpc_worker_take(struct vnm_rpc_worker *worker, struct vnm_buf *out)
{
	char chunk[4096];
	ssize_t n = recv(worker->fd, chunk, sizeof(chunk), MSG_DONTWAIT);

	if (n > 0)
		vnm_buf_addn(&worker->answer, chunk, (size_t)n);
	else if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (is_complete(&worker->answer))
		vnm_buf_addn(out, worker->answer.data, worker->answer.len);
	else if (n > 0)
		return;
	else if (worker->busy)
		answer_failure(&worker->header, ENDED, out);
	worker->busy = false;
	vnm_buf_clear(&worker->answer);
	if (n <= 0)
		forget_process(worker);
}
