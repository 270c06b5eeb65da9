/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lease_release.c - release a lease in the name of its client: RFC 2131 4.4.6, RFC 8415 18.2.7.
 *
 * dnsmasq has no other interface for this. It goes on serving others meanwhile, and a datagram is processed whole or not
 * at all. It does not answer for IPv4, and need not for IPv6: its lease file shows whether it has released the lease.
 */
#include "sys/process/lease_release.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util/mem.h"
#include "util/send.h"

#define SERVER_PORT4 67
#define SERVER_PORT6 547
#define BOOTP_OPTIONS 236 /* where the options of a BOOTP message begin: RFC 951 */
#define MESSAGE_MAX 1024

/** struct message - a datagram under construction. Overflow makes its length exceed the maximum. */
struct message {
	uint8_t b[MESSAGE_MAX];
	size_t len;
};

static void put_bytes(struct message *message, const void *data, size_t len)
{
	if (len <= sizeof(message->b) - message->len)
		memcpy(message->b + message->len, data, len);
	else
		len = sizeof(message->b) - message->len;
	message->len += len;
}

static void put_u8(struct message *message, uint8_t value)
{
	put_bytes(message, &value, sizeof(value));
}

static void put_u16(struct message *message, size_t value)
{
	put_u8(message, (uint8_t)(value >> 8));
	put_u8(message, (uint8_t)value);
}

static void put_u32(struct message *message, uint32_t value)
{
	put_u16(message, value >> 16);
	put_u16(message, value & 0xffff);
}

/* "01:52:54" to octets. @text: validated by the reader of lease files. Return: how many. */
static size_t octets(const char *text, uint8_t ret[static 256])
{
	size_t n = 0;

	for (const char *at = text; at && *at && n < 256; at += at[2] ? 3 : 2) {
		const char pair[] = { at[0], at[1], '\0' };

		ret[n++] = (uint8_t)strtoul(pair, NULL, 16);
	}
	return n;
}

static void release4(const struct vnm_addr *server, const struct vnm_lease_entry *lease,
		     uint32_t id, struct message *message)
{
	static const uint8_t cookie[] = { 99, 130, 83, 99 }; /* RFC 2132 */
	uint8_t client[256];
	size_t n = octets(lease->client_id, client);

	put_bytes(message, (const uint8_t[]){ 1, 1, sizeof(lease->mac.b), 0 }, 4); /* a request; Ethernet */
	put_u32(message, id);
	message->len = 12;
	put_bytes(message, lease->addr.b, 4);
	message->len = 28;
	put_bytes(message, lease->mac.b, sizeof(lease->mac.b));
	message->len = BOOTP_OPTIONS;
	put_bytes(message, cookie, sizeof(cookie));
	put_bytes(message, (const uint8_t[]){ 53, 1, 7 }, 3); /* a DHCPRELEASE */
	put_bytes(message, (const uint8_t[]){ 54, 4 }, 2);
	put_bytes(message, server->b, 4);
	if (n > 0 && n < 256) {
		put_u8(message, 61);
		put_u8(message, (uint8_t)n);
		put_bytes(message, client, n);
	}
	put_u8(message, 255);
	if (message->len < 300) /* the shortest that relays and servers must take */
		message->len = 300;
}

static void put_duid(struct message *message, uint16_t option, const char *text)
{
	uint8_t duid[256];
	size_t n = octets(text, duid);

	put_u16(message, option);
	put_u16(message, n);
	put_bytes(message, duid, n);
}

static void release6(const char *duid, const struct vnm_lease_entry *lease, uint32_t id,
		     struct message *message)
{
	bool temporary = lease->temporary;

	put_u32(message, 8u << 24 | (id & 0xffffff)); /* a RELEASE */
	put_duid(message, 1, lease->client_id);
	put_duid(message, 2, duid);
	put_u16(message, temporary ? 4 : 3);
	put_u16(message, (temporary ? 4 : 12) + 28);
	put_u32(message, lease->iaid);
	if (!temporary) {
		put_u32(message, 0);
		put_u32(message, 0);
	}
	put_u16(message, 5);
	put_u16(message, 24);
	put_bytes(message, lease->addr.b, sizeof(lease->addr.b));
	put_u32(message, 0);
	put_u32(message, 0);
}

/* By the network's device, although to ourselves: dnsmasq listens there. */
static int send_by(const char *dev, const struct sockaddr *to, socklen_t len,
		   const struct message *message)
{
	vnm_autoclose int fd = socket(to->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, dev, (socklen_t)strlen(dev) + 1) < 0)
		return -errno;
	return vnm_send_to(fd, message->b, message->len, to, len);
}

/**
 * vnm_lease_release() - send the release of a guest's lease to its network's dnsmasq
 * @dev:    the network's device
 * @server: IPv4: the host's address in the subnet of the lease
 * @duid:   IPv6: the server's DUID, see vnm_leases_server(); may be NULL else
 * @lease:  the lease
 *
 * Return: 0: sent; -EOPNOTSUPP: the lease lacks what identifies it; -errno.
 */
int vnm_lease_release(const char *dev, const struct vnm_addr *server, const char *duid,
		      const struct vnm_lease_entry *lease)
{
	struct sockaddr_in to4 = { .sin_family = AF_INET, .sin_port = htons(SERVER_PORT4) };
	struct sockaddr_in6 to6 = { .sin6_family = AF_INET6,
				    .sin6_port = htons(SERVER_PORT6),
				    .sin6_scope_id = if_nametoindex(dev) };
	struct message message = { .len = 0 };
	uint32_t id = 0;

	/* There is no answer, so it need not be secret. */
	if (getrandom(&id, sizeof(id), GRND_NONBLOCK) < 0)
		id = lease->iaid;
	if (lease->addr.family == AF_INET) {
		if (!lease->mac.set && !lease->client_id)
			return -EOPNOTSUPP;
		memcpy(&to4.sin_addr, server->b, sizeof(to4.sin_addr));
		release4(server, lease, id, &message);
		return send_by(dev, (const struct sockaddr *)&to4, sizeof(to4), &message);
	}
	if (!lease->client_id || !duid)
		return -EOPNOTSUPP;
	/* All_DHCP_Relay_Agents_and_Servers */
	inet_pton(AF_INET6, "ff02::1:2", &to6.sin6_addr);
	release6(duid, lease, id, &message);
	return send_by(dev, (const struct sockaddr *)&to6, sizeof(to6), &message);
}
