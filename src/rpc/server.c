/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * server.c - accepts connections, each for a process of its own.
 *
 * Theory of operation. The server holds nothing but the schema and a process for the next client, and both only make it faster: what
 * there is of networks is on disk, and what there is of a client is in its process, so that whatever a client does, or makes the driver do, cannot harm another one. A socket has a limit of
 * clients; further ones wait until one has gone. When there has been no client for a while, the server ends, and systemd
 * starts it again for the next one. When it is told to end, so are its connections; but no change that has begun.
 */
#include "rpc/server.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver/driver.h"
#include "rpc/connection.h"
#include "rpc/spare.h"
#include "util/mem.h"
#include "util/poll.h"

#define CLIENTS_MAX 64 /* of each socket */

/** struct served - a connection's process; @socket: the index of its socket */
struct served {
	pid_t pid;
	size_t socket;
};

/**
 * struct server - see vnm_rpc_server_run()
 * @terms: with the schema for the processes of the clients after the first one: all that they have ready
 * @idle_ms: since when there has been no client
 */
struct server {
	struct vnm_rpc_sockets *sockets;
	struct vnm_rpc_terms terms;
	unsigned timeout;
	int signal_fd;
	sigset_t mask;
	struct vnm_rpc_spare spare;
	struct served *served;
	size_t n_served;
	int64_t idle_ms;
	bool ending;
};

static int catch_signals(struct server *server, struct vnm_error *err)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, &server->mask);
	server->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return server->signal_fd < 0 ? vnm_error_set(err, VNM_ERR_SYSTEM, errno,
						     "cannot wait for signals: %s", strerror(errno))
				     : 0;
}

/* In a new process: what is the server's own. */
static void leave_server(struct server *server)
{
	close(server->signal_fd);
	vnm_rpc_sockets_close(server->sockets);
	vnm_rpc_spare_forget(&server->spare);
	sigprocmask(SIG_SETMASK, &server->mask, NULL);
}

static _Noreturn void serve(struct server *server, int fd, bool read_only)
{
	vnm_rpc_connection_serve(fd, read_only, &server->terms);
	_exit(0);
}

/* What the first call of a client would be the first to touch. Nothing is locked or recovered, and nothing is kept of it. */
static void warm_up(const struct server *server)
{
	const struct vnm_options options = { .root = server->terms.root,
					     .schema = server->terms.schema,
					     .reads = true,
					     .looks = true };
	vnm_autodriver struct vnm_driver *driver = NULL;
	struct vnm_info *infos = NULL;
	struct vnm_error ignored = { 0 };
	size_t n = 0;

	if (vnm_driver_open(&options, &driver, &ignored) == 0 &&
	    vnm_driver_list(driver, false, &infos, &n, &ignored) == 0)
		vnm_infos_free(infos, n);
}

static _Noreturn void serve_next(struct server *server, int fd)
{
	bool read_only;
	int client;

	leave_server(server);
	warm_up(server);
	if (vnm_rpc_spare_wait(fd, &client, &read_only))
		serve(server, client, read_only);
	_exit(0);
}

/* While a client is at work, so that it does not wait; a failure is reported to the client that needs the schema. */
static void prepare_next(struct server *server)
{
	struct vnm_error ignored = { 0 };
	int fd;

	if (!server->terms.schema)
		(void)vnm_driver_schema("network.rng", &server->terms.schema, &ignored);
	if (server->spare.pid == 0 && vnm_rpc_spare_fork(&server->spare, &fd))
		serve_next(server, fd);
}

static pid_t start_process(struct server *server, int fd, bool read_only)
{
	pid_t pid = fork();

	if (pid == 0) {
		leave_server(server);
		serve(server, fd, read_only);
	}
	return pid;
}

/* What was interrupted, or went away again, is no error; what is, is tried again with the next client. */
static void accept_client(struct server *server, size_t at)
{
	struct vnm_rpc_socket *socket = &server->sockets->items[at];
	vnm_autoclose int fd = accept4(socket->fd, NULL, NULL, SOCK_CLOEXEC);
	pid_t pid;

	if (fd < 0)
		return;
	pid = vnm_rpc_spare_use(&server->spare, fd, socket->read_only);
	if (pid == 0)
		pid = start_process(server, fd, socket->read_only);
	if (pid < 0) {
		dprintf(STDERR_FILENO,
			"warning: a client is turned away: no process can be "
			"started: %s\n",
			strerror(errno));
		return;
	}
	server->served = vnm_array_add(server->served, &server->n_served, sizeof(*server->served));
	server->served[server->n_served - 1] = (struct served){ pid, at };
	socket->n++;
}

static void forget(struct server *server, pid_t pid)
{
	for (size_t i = 0; i < server->n_served; i++) {
		if (server->served[i].pid != pid)
			continue;
		server->sockets->items[server->served[i].socket].n--;
		server->served[i] = server->served[--server->n_served];
		break;
	}
	if (pid == server->spare.pid)
		vnm_rpc_spare_forget(&server->spare);
	if (server->n_served == 0)
		server->idle_ms = vnm_now_ms();
}

static void take_signals(struct server *server)
{
	struct signalfd_siginfo info;
	pid_t pid;

	while (read(server->signal_fd, &info, sizeof(info)) == sizeof(info))
		if (info.ssi_signo != SIGCHLD)
			server->ending = true;
	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		forget(server, pid);
}

/* Return: how many descriptors are ready; 0: there was no client for long; -errno. */
static int wait_once(struct server *server, struct pollfd *fds)
{
	size_t n = server->sockets->n;
	bool idle = server->n_served == 0 && server->timeout > 0;

	for (size_t i = 0; i < n; i++)
		fds[i] = (struct pollfd){
			.fd = server->sockets->items[i].n < CLIENTS_MAX
				      ? server->sockets->items[i].fd
				      : -1,
			.events = POLLIN,
		};
	fds[n] = (struct pollfd){ .fd = server->signal_fd, .events = POLLIN };
	return vnm_poll_until(fds, n + 1,
			      idle ? server->idle_ms + (int64_t)server->timeout * 1000 : -1);
}

static int run(struct server *server)
{
	vnm_autofree struct pollfd *fds = vnm_alloc((server->sockets->n + 1) * sizeof(*fds));
	int r = 1;

	while (r > 0 && !server->ending) {
		r = wait_once(server, fds);
		for (size_t i = 0; r > 0 && i < server->sockets->n; i++)
			if (fds[i].revents) {
				accept_client(server, i);
				prepare_next(server);
			}
		if (r > 0 && fds[server->sockets->n].revents)
			take_signals(server);
	}
	return r < 0 ? r : 0;
}

/**
 * vnm_rpc_server_run() - serve clients, until there are none any more or a signal comes
 * @sockets: where they connect
 * @terms:   for them, without a schema
 * @timeout: seconds without a client until it ends; 0: never
 * @err:     set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_rpc_server_run(struct vnm_rpc_sockets *sockets, const struct vnm_rpc_terms *terms,
		       unsigned timeout, struct vnm_error *err)
{
	struct server server = {
		.sockets = sockets,
		.terms = *terms,
		.timeout = timeout,
		.idle_ms = vnm_now_ms(),
		.spare = VNM_RPC_SPARE_INIT,
	};
	int r = catch_signals(&server, err);

	if (r < 0)
		return r;
	r = run(&server);
	if (r < 0)
		vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot wait for clients: %s", strerror(-r));
	for (size_t i = 0; i < server.n_served; i++)
		(void)kill(server.served[i].pid, SIGTERM);
	vnm_rpc_spare_forget(&server.spare);
	free(server.served);
	vnm_schema_free(server.terms.schema);
	close(server.signal_fd);
	return r;
}
