/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe_dhcp.c - who offers a stranger on a bridge an address?
 *
 * A DHCPDISCOVER that no DHCPREQUEST follows: a server writes nothing down for it. dnsmasq pings an address for three seconds before
 * it offers it for the first time.
 */
#include "sys/doctor/probe_dhcp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util/checksum.h"
#include "util/mem.h"
#include "util/patience.h"
#include "util/proc.h"
#include "util/send.h"

#define SERVER_PORT 67
#define CLIENT_PORT 68
#define MAGIC 0x63825363 /* RFC 2131 3 */
#define WAIT_MS 5000
#define AGAIN_MS 1000
#define OTHERS_MS 3500 /* another server may ping, too */

enum {
	OPTION_ROUTER = 3,
	OPTION_TYPE = 53,
	OPTION_SERVER = 54,
	OPTION_WANTED = 55,
	OPTION_END = 255
};
enum { DISCOVER = 1, OFFER = 2 };

/** struct bootp - RFC 2131 2 */
struct bootp {
	uint8_t op, htype, hlen, hops;
	uint32_t xid;
	uint16_t secs, flags;
	uint32_t ciaddr, yiaddr, siaddr, giaddr;
	uint8_t chaddr[16], sname[64], file[128];
	uint32_t magic;
	uint8_t options[64];
} __attribute__((packed));

/** struct packet - as it is sent, without the frame's header */
struct packet {
	struct iphdr ip;
	struct udphdr udp;
	struct bootp bootp;
} __attribute__((packed));

static struct packet discover(const struct vnm_mac *mac, uint32_t xid)
{
	static const uint8_t options[] = { OPTION_TYPE, 1, DISCOVER,	  OPTION_WANTED,
					   2,		1, OPTION_ROUTER, OPTION_END };
	struct packet packet = {
		.ip = { .version = 4,
			.ihl = 5,
			.ttl = 64,
			.protocol = IPPROTO_UDP,
			.tot_len = htons(sizeof(packet)),
			.daddr = INADDR_BROADCAST },
		.udp = { .uh_sport = htons(CLIENT_PORT),
			 .uh_dport = htons(SERVER_PORT),
			 .uh_ulen = htons(sizeof(packet) - sizeof(struct iphdr)) },
		.bootp = { .op = 1,
			   .htype = 1,
			   .hlen = 6,
			   .xid = xid,
			   .flags = htons(0x8000),
			   .magic = htonl(MAGIC) },
	};

	memcpy(packet.bootp.chaddr, mac->b, sizeof(mac->b));
	memcpy(packet.bootp.options, options, sizeof(options));
	packet.ip.check = vnm_checksum(vnm_checksum_add(0, &packet.ip, sizeof(packet.ip)));
	return packet; /* a UDP checksum of 0 is none */
}

/* The value of an option of @len bytes, or NULL. */
static const uint8_t *option(const uint8_t *at, const uint8_t *end, uint8_t code, size_t len)
{
	while (at + 1 < end && *at != OPTION_END) {
		if (*at == 0) {
			at++;
			continue;
		}
		if (at + 2 + at[1] > end)
			return NULL;
		if (*at == code)
			return at[1] >= len ? at + 2 : NULL;
		at += 2 + at[1];
	}
	return NULL;
}

static struct vnm_addr addr_of(const void *b)
{
	struct vnm_addr addr = { .family = b ? AF_INET : AF_UNSPEC };

	if (b)
		memcpy(addr.b, b, 4);
	return addr;
}

/* Is it an offer for us? */
static bool read_offer(const uint8_t *data, size_t len, uint32_t xid, struct vnm_case_offer *ret)
{
	const size_t fixed = offsetof(struct bootp, options);
	const struct iphdr *ip = (const void *)data;
	const uint8_t *type, *end = data + len;
	const struct bootp *bootp;
	const struct udphdr *udp;
	size_t at;

	if (len < sizeof(*ip) || ip->version != 4 || ip->protocol != IPPROTO_UDP)
		return false;
	at = (size_t)ip->ihl * 4;
	if (len < at + sizeof(*udp) + fixed)
		return false;
	udp = (const void *)(data + at);
	bootp = (const void *)(data + at + sizeof(*udp));
	type = option(bootp->options, end, OPTION_TYPE, 1);
	if (udp->uh_dport != htons(CLIENT_PORT) || bootp->op != 2 || bootp->xid != xid || !type ||
	    *type != OFFER)
		return false;
	ret->offered = addr_of(&bootp->yiaddr);
	ret->server = addr_of(option(bootp->options, end, OPTION_SERVER, 4));
	ret->router = addr_of(option(bootp->options, end, OPTION_ROUTER, 4));
	return ret->server.family != AF_UNSPEC;
}

/* Each server once. */
static void add_offer(const struct vnm_case_offer *offer, struct vnm_case_probes *ret)
{
	for (size_t i = 0; i < ret->n_offers; i++)
		if (vnm_addr_equal(&ret->offers[i].server, &offer->server) &&
		    vnm_mac_equal(&ret->offers[i].mac, &offer->mac))
			return;
	ret->offers = vnm_array_add(ret->offers, &ret->n_offers, sizeof(*ret->offers));
	ret->offers[ret->n_offers - 1] = *offer;
}

static void receive(int fd, uint32_t xid, struct vnm_case_probes *ret)
{
	uint8_t data[2048] __attribute__((aligned(8)));
	struct sockaddr_ll from;
	socklen_t from_len = sizeof(from);
	struct vnm_case_offer offer = { 0 };
	ssize_t n =
		recvfrom(fd, data, sizeof(data), MSG_DONTWAIT, (struct sockaddr *)&from, &from_len);

	if (n <= 0 || from.sll_pkttype == PACKET_OUTGOING ||
	    !read_offer(data, (size_t)n, xid, &offer))
		return;
	offer.mac.set = true;
	memcpy(offer.mac.b, from.sll_addr, sizeof(offer.mac.b));
	add_offer(&offer, ret);
}

/**
 * vnm_probe_dhcp() - send a DHCPDISCOVER, and wait for offers
 * @port: where it is sent
 * @ret:  gets the offers, each server's once, and @dhcp
 *
 * Return: 0 or -errno: it could not be sent.
 */
int vnm_probe_dhcp(struct vnm_probe_port *port, struct vnm_case_probes *ret)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET,
				  .sll_protocol = htons(ETH_P_IP),
				  .sll_halen = ETH_ALEN };
	vnm_autoclose int fd = vnm_probe_port_socket(port, AF_PACKET, SOCK_DGRAM, htons(ETH_P_IP));
	int64_t now = vnm_now_ms(), again = now;
	const int64_t start = now, deadline = now + vnm_patience_ms(WAIT_MS);
	struct packet packet;
	uint32_t xid = 0;

	if (fd < 0)
		return fd;
	to.sll_ifindex = vnm_probe_port_index(port);
	memset(to.sll_addr, 0xff, ETH_ALEN);
	if (getrandom(&xid, sizeof(xid), GRND_NONBLOCK) < 0)
		xid = (uint32_t)now; /* it only tells answers apart */
	packet = discover(&port->mac, xid);
	while ((now = vnm_now_ms()) < deadline) {
		struct pollfd news = { fd, POLLIN, 0 };
		const bool offered = ret->n_offers > 0;

		if (offered && now >= start + OTHERS_MS)
			break;
		if (!offered && now >= again) {
			int r = vnm_send_to(fd, &packet, sizeof(packet), &to, sizeof(to));

			if (r < 0)
				return r;
			again = now + AGAIN_MS;
		}
		(void)vnm_poll_until(&news, 1, offered ? start + OTHERS_MS : again);
		receive(fd, xid, ret);
	}
	ret->dhcp = ret->n_offers > 0 ? VNM_PROBE_ANSWERED : VNM_PROBE_SILENCE;
	return 0;
}
