/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * upstream_server.c - the server of the simulated upstream network: it returns the client's address.
 *
 * TCP port 80: "you are ADDRESS", as an HTTP/1.0 answer to whatever request. UDP port 7007: the address as text. One
 * process, one poll() loop; no client can block the others.
 */
#define _GNU_SOURCE 1
#include "sandbox/upstream_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/addr.h"
#include "util/mem.h"
#include "util/poll.h"

#define HTTP_PORT 80
#define ECHO_PORT 7007
#define CLIENTS_MAX 64
#define CLIENT_MS 10000		/* for a whole request */
#define REQUEST_MAX 4096	/* more than that is answered without reading the rest */

/* Bound to each address: an answer must come from the address of the request. */
static const char *const addresses[] = {
	VNM_SANDBOX_GATEWAY4, VNM_SANDBOX_GATEWAY6, VNM_SANDBOX_SERVER4, VNM_SANDBOX_SERVER6,
};

/* A connection. @tail: the last bytes of the request so far. */
struct client {
	int fd;
	int64_t deadline;
	size_t seen;
	char tail[4];
};

struct server {
	const struct vnm_sandbox_sockets *sockets;
	struct client clients[CLIENTS_MAX];
	size_t n;
};

static socklen_t make_sockaddr(const char *text, uint16_t port, struct sockaddr_storage *ret)
{
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(port) };
	struct vnm_addr addr = { 0 };

	(void)vnm_addr_parse(text, &addr);
	if (addr.family == AF_INET) {
		memcpy(&v4.sin_addr, addr.b, 4);
		memcpy(ret, &v4, sizeof(v4));
		return sizeof(v4);
	}
	memcpy(&v6.sin6_addr, addr.b, 16);
	memcpy(ret, &v6, sizeof(v6));
	return sizeof(v6);
}

static int listen_at(const char *text, bool stream, struct vnm_sandbox_sockets *sockets,
		     struct vnm_error *err)
{
	struct sockaddr_storage addr = { 0 };
	socklen_t len = make_sockaddr(text, stream ? HTTP_PORT : ECHO_PORT, &addr);
	int fd = socket(addr.ss_family,
			(stream ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, len) < 0 ||
	    (stream && listen(fd, CLIENTS_MAX) < 0))
		return vnm_error_set(err, VNM_ERR_SYSTEM, errno,
				     "the sandbox's server cannot listen at %s: %s", text,
				     strerror(errno));
	sockets->stream[sockets->n] = stream;
	sockets->fds[sockets->n++] = fd;
	return 0;
}

/**
 * vnm_sandbox_listen() - bind the server's sockets
 * @sockets: gets them
 * @err:     set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_sandbox_listen(struct vnm_sandbox_sockets *sockets, struct vnm_error *err)
{
	int r = 0;

	for (size_t i = 0; i < VNM_ARRAY_SIZE(addresses) && r == 0; i++) {
		r = listen_at(addresses[i], true, sockets, err);
		if (r == 0)
			r = listen_at(addresses[i], false, sockets, err);
	}
	return r;
}

static void peer_text(const struct sockaddr_storage *peer, char text[static VNM_ADDR_STRLEN])
{
	const void *addr = &((const struct sockaddr_in *)peer)->sin_addr;

	if (peer->ss_family == AF_INET6)
		addr = &((const struct sockaddr_in6 *)peer)->sin6_addr;
	if (!inet_ntop(peer->ss_family, addr, text, VNM_ADDR_STRLEN))
		text[0] = '\0';
}

static void echo(int fd)
{
	struct sockaddr_storage peer = { 0 };
	socklen_t len = sizeof(peer);
	char text[VNM_ADDR_STRLEN], dropped;

	if (recvfrom(fd, &dropped, 1, 0, (struct sockaddr *)&peer, &len) < 0)
		return;
	peer_text(&peer, text);
	(void)sendto(fd, text, strlen(text), 0, (struct sockaddr *)&peer, len);
}

static void drop_client(struct server *server, size_t i)
{
	close(server->clients[i].fd);
	server->clients[i] = server->clients[--server->n];
}

/* When there are too many, the oldest is closed. */
static void greet(struct server *server, int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	size_t oldest = 0;

	if (fd < 0)
		return;
	for (size_t i = 1; i < server->n; i++)
		if (server->clients[i].deadline < server->clients[oldest].deadline)
			oldest = i;
	if (server->n == CLIENTS_MAX)
		drop_client(server, oldest);
	server->clients[server->n++] =
		(struct client){ .fd = fd, .deadline = vnm_now_ms() + CLIENT_MS };
}

static void answer(int fd)
{
	struct sockaddr_storage peer = { 0 };
	socklen_t len = sizeof(peer);
	char text[VNM_ADDR_STRLEN] = "", body[VNM_ADDR_STRLEN + 16], page[256];

	if (getpeername(fd, (struct sockaddr *)&peer, &len) == 0)
		peer_text(&peer, text);
	snprintf(body, sizeof(body), "you are %s\n", text);
	snprintf(page, sizeof(page),
		 "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n"
		 "Content-Length: %zu\r\nConnection: close\r\n\r\n%s",
		 strlen(body), body);
	(void)send(fd, page, strlen(page), MSG_NOSIGNAL);
	(void)shutdown(fd, SHUT_WR);
}

/* An empty line ends a request; lines may end without CR. */
static bool request_ends(struct client *client, const char *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		memmove(client->tail, client->tail + 1, 3);
		client->tail[3] = data[i];
		if (!memcmp(client->tail + 2, "\n\n", 2) || !memcmp(client->tail, "\r\n\r\n", 4))
			return true;
	}
	client->seen += len;
	return client->seen >= REQUEST_MAX;
}

/* Return: whether the connection stays. */
static bool serve_client(struct client *client)
{
	char data[512];
	ssize_t n = recv(client->fd, data, sizeof(data), 0);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	if (n > 0 && !request_ends(client, data, (size_t)n))
		return true;
	if (n > 0)
		answer(client->fd);
	return false;
}

static int64_t next_deadline(const struct server *server)
{
	int64_t next = -1;

	for (size_t i = 0; i < server->n; i++)
		if (next < 0 || server->clients[i].deadline < next)
			next = server->clients[i].deadline;
	return next;
}

static void serve_once(struct server *server)
{
	struct pollfd fds[VNM_ARRAY_SIZE(server->sockets->fds) + CLIENTS_MAX];
	const struct vnm_sandbox_sockets *sockets = server->sockets;
	int64_t now;

	for (size_t i = 0; i < sockets->n; i++)
		fds[i] = (struct pollfd){ .fd = sockets->fds[i], .events = POLLIN };
	for (size_t i = 0; i < server->n; i++)
		fds[sockets->n + i] =
			(struct pollfd){ .fd = server->clients[i].fd, .events = POLLIN };
	if (vnm_poll_until(fds, sockets->n + server->n, next_deadline(server)) < 0)
		_exit(1);
	now = vnm_now_ms();
	/* Backwards: dropping one moves the last into its place, and that one was served already. */
	for (size_t i = server->n; i-- > 0;)
		if ((fds[sockets->n + i].revents && !serve_client(&server->clients[i])) ||
		    server->clients[i].deadline <= now)
			drop_client(server, i);
	for (size_t i = 0; i < sockets->n; i++) {
		if (fds[i].revents && sockets->stream[i])
			greet(server, sockets->fds[i]);
		else if (fds[i].revents)
			echo(sockets->fds[i]);
	}
}

/**
 * vnm_sandbox_serve() - be the server, until the sandbox ends
 * @sockets: from vnm_sandbox_listen()
 */
_Noreturn void vnm_sandbox_serve(const struct vnm_sandbox_sockets *sockets)
{
	struct server server = { .sockets = sockets };

	for (;;)
		serve_once(&server);
}
