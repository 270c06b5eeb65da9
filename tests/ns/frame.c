/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * frame.c - sends and hears Ethernet frames as they are; a tool of the tests.
 *
 *   frame DEV send HEX...   a frame each; lengths and checksums of IP, UDP and ICMP are filled in (of IP
 *                           alone in a fragment)
 *   frame DEV hear          prints "ready", then what comes in, one line each, in hexadecimal, until a frame of
 *                           the type 88b5 (IEEE 802 local experimental) has come; exit status 1: none in a minute
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <linux/if_ether.h>
#include <linux/if_packet.h>

#define MARKER 0x88b5
#define PATIENCE_MS 60000
#define ETH_LEN 14
#define IP4_LEN 20
#define IP6_LEN 40

static int fail(const char *what)
{
	perror(what);
	return 2;
}

static void put16(uint8_t *at, size_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static uint32_t sum(const uint8_t *data, size_t len, uint32_t start)
{
	for (size_t i = 0; i < len; i++)
		start += i % 2 ? data[i] : (uint32_t)data[i] << 8;
	return start;
}

static uint16_t folded(uint32_t value)
{
	while (value >> 16)
		value = (value & 0xffff) + (value >> 16);
	return (uint16_t)~value;
}

/* @pseudo: the sum of the addresses, which UDP and ICMPv6 include, ICMP and IGMP not. */
static void fill_upper(uint8_t *at, size_t len, uint8_t proto, uint32_t pseudo)
{
	size_t where = proto == IPPROTO_UDP ? 6 : 2;

	bool plain = proto == IPPROTO_ICMP || proto == IPPROTO_IGMP;

	if (proto != IPPROTO_UDP && proto != IPPROTO_ICMPV6 && !plain)
		return;
	if (proto == IPPROTO_UDP)
		put16(at + 4, len);
	put16(at + where, 0);
	if (plain)
		pseudo = 0;
	else
		pseudo += (uint32_t)len + proto;
	put16(at + where, folded(sum(at, len, pseudo)));
}

/* Behind tags, and behind one IPv6 header of options. */
static void fill(uint8_t *frame, size_t len)
{
	size_t at = ETH_LEN;
	unsigned type = frame[12] << 8 | frame[13];
	uint8_t *ip;

	for (; type == ETH_P_8021Q && at + 4 < len; at += 4)
		type = frame[at + 2] << 8 | frame[at + 3];
	ip = frame + at;
	if (type == ETH_P_IP && len > at + IP4_LEN) {
		put16(ip + 2, len - at);
		put16(ip + 10, 0);
		put16(ip + 10, folded(sum(ip, IP4_LEN, 0)));
		if (!(ip[6] & 0x3f) && !ip[7])
			fill_upper(ip + IP4_LEN, len - at - IP4_LEN, ip[9], sum(ip + 12, 8, 0));
	} else if (type == ETH_P_IPV6 && len > at + IP6_LEN + 8) {
		size_t skip = ip[6] == IPPROTO_HOPOPTS ? 8 : 0;
		uint8_t proto = skip ? ip[IP6_LEN] : ip[6];

		put16(ip + 4, len - at - IP6_LEN);
		fill_upper(ip + IP6_LEN + skip, len - at - IP6_LEN - skip, proto,
			   sum(ip + 8, 32, 0));
	}
}

static int send_one(int fd, const char *hex)
{
	uint8_t frame[2048] = { 0 };
	size_t len = 0;

	for (; hex[0] && hex[1] && len < sizeof(frame); hex += 2) {
		unsigned byte;

		if (sscanf(hex, "%2x", &byte) != 1) {
			fprintf(stderr, "no hexadecimal: %s\n", hex);
			return 2;
		}
		frame[len++] = (uint8_t)byte;
	}
	if (len < ETH_LEN) {
		fprintf(stderr, "too short for a frame\n");
		return 2;
	}
	fill(frame, len);
	return send(fd, frame, len, 0) < 0 ? fail("send") : 0;
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int hear(int fd)
{
	int64_t end = now_ms() + PATIENCE_MS;
	struct pollfd poller = { .fd = fd, .events = POLLIN };

	puts("ready");
	fflush(stdout);
	while (now_ms() < end && poll(&poller, 1, (int)(end - now_ms())) > 0) {
		struct sockaddr_ll from;
		socklen_t size = sizeof(from);
		uint8_t frame[2048];
		ssize_t n = recvfrom(fd, frame, sizeof(frame), 0, (struct sockaddr *)&from, &size);

		if (n < ETH_LEN || from.sll_pkttype == PACKET_OUTGOING)
			continue;
		for (ssize_t i = 0; i < n; i++)
			printf("%02x", frame[i]);
		putchar('\n');
		fflush(stdout);
		if ((frame[12] << 8 | frame[13]) == MARKER)
			return 0;
	}
	return 1;
}

int main(int argc, char **argv)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	struct packet_mreq all = { .mr_type = PACKET_MR_PROMISC };
	int fd, r = 0;

	if (argc < 3 || (strcmp(argv[2], "send") != 0 && strcmp(argv[2], "hear") != 0)) {
		fprintf(stderr, "usage: frame DEV send HEX... | frame DEV hear\n");
		return 2;
	}
	at.sll_ifindex = all.mr_ifindex = (int)if_nametoindex(argv[1]);
	fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
	if (at.sll_ifindex == 0 || fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0)
		return fail(argv[1]);
	if (!strcmp(argv[2], "hear")) {
		if (setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof(all)) < 0)
			return fail("promiscuous");
		return hear(fd);
	}
	for (int i = 3; i < argc && r == 0; i++)
		r = send_one(fd, argv[i]);
	return r;
}
