/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * worker.c - the process that makes one change for a connection.
 *
 * Theory of operation. A change may take long, since hooks and dnsmasq are waited for, and the driver waits for its lock in its
 * own way; meanwhile the connection must answer keepalive. So a change has a process of its own, which does what a command does,
 * with signals deferred. A client that goes away, or a connection that is killed, does not abort it; if it is killed itself, the
 * next one that opens the driver rolls back what it has begun. Its answer fits into the pipe, so it never waits for the connection.
 */
#include "rpc/worker.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rpc/dispatch.h"
#include "rpc/fault.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/proc.h"

static void defer_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGPIPE);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

static _Noreturn void work(int fd, struct vnm_rpc_client *client,
			   const struct vnm_rpc_procedure *procedure, const void *frame, size_t len)
{
	struct vnm_buf answer = { 0 };

	defer_signals();
	close(client->fd);
	vnm_cleanup_close(&client->watcher.fd);
	vnm_cleanup_close(&client->watcher.stop_fd);
	vnm_rpc_perform(client, procedure, frame, len, &answer);
	(void)vnm_write_all(fd, answer.data, answer.len);
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

/**
 * vnm_rpc_worker_start() - begin a change
 * @worker:    VNM_RPC_WORKER_INIT
 * @client:    who calls
 * @procedure: what
 * @frame:     the call's message
 * @len:       its bytes
 * @out:       gets an answer if it cannot be begun
 */
void vnm_rpc_worker_start(struct vnm_rpc_worker *worker, struct vnm_rpc_client *client,
			  const struct vnm_rpc_procedure *procedure, const void *frame, size_t len,
			  struct vnm_buf *out)
{
	int answer[2];

	vnm_rpc_frame_header(frame, &worker->header);
	if (pipe2(answer, O_CLOEXEC | O_NONBLOCK) < 0) {
		answer_failure(&worker->header, strerror(errno), out);
		return;
	}
	vnm_rpc_client_forget_driver(client);
	worker->fd = answer[0];
	worker->pid = fork();
	if (worker->pid == 0)
		work(answer[1], client, procedure, frame, len);
	if (worker->pid > 0)
		worker->pidfd = vnm_pidfd_open(worker->pid);
	close(answer[1]);
	if (worker->pidfd < 0)
		vnm_rpc_worker_finish(worker, out);
}

/* Return: whether all of it is there. */
static bool read_answer(int fd, struct vnm_buf *ret)
{
	char chunk[4096];
	uint32_t len = 0;
	ssize_t n;

	while ((n = read(fd, chunk, sizeof(chunk))) > 0 || (n < 0 && errno == EINTR))
		if (n > 0)
			vnm_buf_addn(ret, chunk, (size_t)n);
	if (ret->len >= sizeof(len))
		memcpy(&len, ret->data, sizeof(len));
	return ret->len > 0 && be32toh(len) == ret->len;
}

/**
 * vnm_rpc_worker_finish() - take the answer of a worker that has ended; one that is still at work is waited for
 * @worker: the worker; then there is none
 * @out:    gets the answer
 */
void vnm_rpc_worker_finish(struct vnm_rpc_worker *worker, struct vnm_buf *out)
{
	vnm_autobuf struct vnm_buf answer = { 0 };

	while (worker->pid > 0 && waitpid(worker->pid, NULL, 0) < 0 && errno == EINTR)
		;
	if (read_answer(worker->fd, &answer))
		vnm_buf_addn(out, answer.data, answer.len);
	else
		answer_failure(&worker->header,
			       worker->pid > 0
				       ? "the process that made the change ended before it was "
					 "done; what it had begun is rolled back"
				       : "no process for the change could be started",
			       out);
	vnm_cleanup_close(&worker->pidfd);
	vnm_cleanup_close(&worker->fd);
	worker->pid = 0;
}
