/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * traffic.c - the price of a packet and of a connection, from this network namespace to a server in another one.
 *
 *   traffic udp|tcp NETNS ADDRESS [BATCHES]
 *
 * NETNS is the server's namespace, /proc/PID/ns/net or /run/netns/NAME; the server is a socket of this process there. So what
 * is measured is the kernel's path alone: a packet goes through all devices, rules and connection tracking within the call
 * that sends it, and nobody has to be woken. Prints nanoseconds an operation: the tenth percentile of the batches, since what
 * disturbs only adds.
 *
 * udp: datagrams of one connection, which is established before; tcp: connections, opened, accepted and reset.
 */
#define _GNU_SOURCE 1
#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PORT 7
#define UDP_BATCH 500
#define TCP_BATCH 50
#define BATCHES_MAX 10000

static struct sockaddr_in server_addr = { .sin_family = AF_INET };

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int open_socket(int type)
{
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	if (fd < 0)
		err(1, "socket");
	return fd;
}

/* A socket in the other namespace; this process is back in its own afterwards. */
static int open_server(const char *netns, int type)
{
	int here = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	int there = open(netns, O_RDONLY | O_CLOEXEC), fd, on = 1;

	if (here < 0 || there < 0 || setns(there, CLONE_NEWNET) < 0)
		err(1, "%s", netns);
	fd = open_socket(type);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (const struct sockaddr *)&server_addr, sizeof(server_addr)) < 0)
		err(1, "bind");
	if (type == SOCK_STREAM && listen(fd, TCP_BATCH) < 0)
		err(1, "listen");
	if (setns(here, CLONE_NEWNET) < 0)
		err(1, "setns");
	close(here);
	close(there);
	return fd;
}

static int connect_to_server(int type)
{
	int fd = open_socket(type);

	if (connect(fd, (const struct sockaddr *)&server_addr, sizeof(server_addr)) < 0)
		err(1, "connect");
	return fd;
}

static void drain(int server)
{
	char byte[16];

	while (recv(server, byte, sizeof(byte), MSG_DONTWAIT) >= 0)
		;
}

/* An answer makes the connection established. */
static int open_flow(int server)
{
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	int fd = connect_to_server(SOCK_DGRAM);
	char byte = 0;

	if (send(fd, &byte, 1, 0) < 0 ||
	    recvfrom(server, &byte, 1, 0, (struct sockaddr *)&from, &len) < 0 ||
	    sendto(server, &byte, 1, 0, (const struct sockaddr *)&from, len) < 0 ||
	    recv(fd, &byte, 1, 0) < 0)
		err(1, "the first datagram");
	return fd;
}

static int64_t udp_batch(int server, int flow)
{
	char byte = 0;
	int64_t start = now(), took;

	for (int i = 0; i < UDP_BATCH; i++)
		if (send(flow, &byte, 1, 0) < 0)
			err(1, "send");
	took = now() - start;
	drain(server);
	return took / UDP_BATCH;
}

static int64_t tcp_batch(int server)
{
	const struct linger reset = { .l_onoff = 1 };
	int fds[TCP_BATCH];
	int64_t start = now(), took;

	for (int i = 0; i < TCP_BATCH; i++)
		fds[i] = connect_to_server(SOCK_STREAM);
	took = now() - start;
	for (int i = 0; i < TCP_BATCH; i++) {
		int peer = accept(server, NULL, NULL);

		if (peer < 0)
			err(1, "accept");
		setsockopt(fds[i], SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
		close(fds[i]);
		close(peer);
	}
	return took / TCP_BATCH;
}

static int by_value(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	static int64_t took[BATCHES_MAX];
	const int n = argc > 4 ? atoi(argv[4]) : 100;
	const int type = argc > 1 && !strcmp(argv[1], "tcp") ? SOCK_STREAM : SOCK_DGRAM;
	int server, flow = -1;
	cpu_set_t cpu;

	if (argc < 4 || n < 1 || n > BATCHES_MAX ||
	    inet_pton(AF_INET, argv[3], &server_addr.sin_addr) != 1)
		errx(2, "usage: traffic udp|tcp NETNS ADDRESS [BATCHES]");
	server_addr.sin_port = htons(PORT);
	CPU_ZERO(&cpu);
	CPU_SET(0, &cpu);
	(void)sched_setaffinity(0, sizeof(cpu), &cpu);
	alarm(60);
	server = open_server(argv[2], type);
	if (type == SOCK_DGRAM)
		flow = open_flow(server);
	for (int i = 0; i < n; i++)
		took[i] = type == SOCK_DGRAM ? udp_batch(server, flow) : tcp_batch(server);
	qsort(took, (size_t)n, sizeof(*took), by_value);
	printf("%lld\n", (long long)took[n / 10]);
	return 0;
}
