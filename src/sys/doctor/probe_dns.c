/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe_dns.c - does a name server answer?
 *
 * It is asked for the name servers of the root, which every server knows or has to ask for; whatever it answers, it is there, unless
 * it refuses. One that refuses that question, as some do, is asked for a name. Silence may be that of the servers behind it: then
 * its TCP port tells.
 */
#include "sys/doctor/probe_dns.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "util/mem.h"
#include "util/patience.h"
#include "util/proc.h"
#include "util/send.h"

#define DNS_PORT 53
#define TRIES 3

enum { CLASS_IN = 1, TYPE_A = 1, TYPE_NS = 2 };
enum { RCODE_MASK = 0x0f, REFUSED = 5 };

/** struct question - @name: in the form of the protocol, with the empty label at its end. */
struct question {
	const char *name;
	size_t len;
	uint16_t type, class;
};

static const struct question root = { "", 1, TYPE_NS, CLASS_IN };
static const struct question name = { "\7example\3com", sizeof("\7example\3com"), TYPE_A,
				      CLASS_IN };

struct message {
	uint8_t data[1500];
	size_t len;
};

static void put16(struct message *message, uint16_t value)
{
	message->data[message->len++] = (uint8_t)(value >> 8);
	message->data[message->len++] = (uint8_t)value;
}

static struct message write_query(const struct question *question)
{
	struct message message = { .len = 0 };
	uint16_t id = 0;

	if (getrandom(&id, sizeof(id), GRND_NONBLOCK) < 0)
		id = (uint16_t)vnm_now_ms(); /* it only tells answers apart */
	put16(&message, id);
	put16(&message, 0x0100); /* recursion desired */
	put16(&message, 1);
	for (int i = 0; i < 3; i++)
		put16(&message, 0);
	memcpy(message.data + message.len, question->name, question->len);
	message.len += question->len;
	put16(&message, question->type);
	put16(&message, question->class);
	return message;
}

static int send_to(int fd, const struct vnm_addr *server, const struct message *query)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(DNS_PORT) };

	memcpy(&to.sin_addr, server->b, sizeof(to.sin_addr));
	return vnm_send_to(fd, query->data, query->len, &to, sizeof(to));
}

/* Waits for the answer to @query. Return: whether it came. */
static bool receive(int fd, const struct message *query, int64_t deadline, struct message *ret)
{
	struct pollfd news = { fd, POLLIN, 0 };

	while (vnm_poll_until(&news, 1, deadline) > 0) {
		ssize_t n = recv(fd, ret->data, sizeof(ret->data), MSG_DONTWAIT);

		if (n >= 12 && !memcmp(ret->data, query->data, 2) && ret->data[2] & 0x80) {
			ret->len = (size_t)n;
			return true;
		}
	}
	return false;
}

static bool ask(int fd, const struct vnm_addr *server, const struct question *question, unsigned ms,
		struct message *ret)
{
	const struct message query = write_query(question);

	for (int i = 0; i < TRIES; i++)
		if (send_to(fd, server, &query) == 0 &&
		    receive(fd, &query, vnm_now_ms() + vnm_patience_ms((int)ms), ret))
			return true;
	return false;
}

/* Is there a server at all, whoever it has to ask? */
static bool connects(int fd, const struct vnm_addr *server)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(DNS_PORT) };
	const struct timeval patience = { .tv_sec = vnm_patience_ms(1000) / 1000 };

	memcpy(&to.sin_addr, server->b, sizeof(to.sin_addr));
	return setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) == 0 &&
	       connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0;
}

static bool refuses(const struct message *answer)
{
	return (answer->data[3] & RCODE_MASK) == REFUSED;
}

/**
 * vnm_probe_dns() - does a server answer?
 * @fd:     a datagram socket of IPv4
 * @server: the server
 * @ms:     how long to wait for each of three attempts, in milliseconds
 *
 * Return: VNM_PROBE_SILENCE, VNM_PROBE_REFUSED or VNM_PROBE_ANSWERED.
 */
enum vnm_probe_result vnm_probe_dns(int fd, const struct vnm_addr *server, unsigned ms)
{
	struct message answer;

	if (!ask(fd, server, &root, ms, &answer))
		return VNM_PROBE_SILENCE;
	if (!refuses(&answer))
		return VNM_PROBE_ANSWERED;
	return ask(fd, server, &name, ms, &answer) && !refuses(&answer) ? VNM_PROBE_ANSWERED
									: VNM_PROBE_REFUSED;
}

/**
 * vnm_probe_dns_alive() - after silence: is it the server's, or that of those it asks?
 * @fd:     a stream socket of IPv4
 * @server: the server
 *
 * Return: VNM_PROBE_ANSWERED: the server is there; VNM_PROBE_SILENCE.
 */
enum vnm_probe_result vnm_probe_dns_alive(int fd, const struct vnm_addr *server)
{
	return connects(fd, server) ? VNM_PROBE_ANSWERED : VNM_PROBE_SILENCE;
}
