// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * forge.c - send one packet with whatever addresses, as a guest could, past its own kernel's routing and checks.
 *
 *   forge DEVICE TO-MAC udp SOURCE PORT DESTINATION PORT TEXT
 *   forge DEVICE TO-MAC rst SOURCE PORT DESTINATION PORT
 *
 * The addresses say which family it is. "rst" is a TCP RST of a connection that nobody knows.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/if_ether.h>
#include <linux/if_packet.h>

#define PAYLOAD_MAX 256
#define LEN4 20
#define LEN6 40
#define LEN_UDP 8
#define LEN_TCP 20

/** struct packet - @head: of IP; @body: what it carries. */
struct packet {
	int family;
	unsigned char src[16], dst[16], head[LEN6], body[LEN_TCP + PAYLOAD_MAX];
	uint8_t proto;
	size_t addr_len, head_len, body_len;
};

static int fail(const char *what)
{
	fprintf(stderr, "forge: %s: %s\n", what, strerror(errno));
	return 1;
}

static void put16(unsigned char *to, unsigned value)
{
	to[0] = (unsigned char)(value >> 8);
	to[1] = (unsigned char)value;
}

static uint32_t add_sum(uint32_t sum, const unsigned char *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		sum += (uint32_t)data[i] << (i % 2 ? 0 : 8);
	return sum;
}

static unsigned fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum & 0xffff;
}

/* The sum covers the addresses, too. */
static unsigned body_sum(const struct packet *packet)
{
	uint32_t sum = packet->proto + (uint32_t)packet->body_len;

	sum = add_sum(sum, packet->src, packet->addr_len);
	sum = add_sum(sum, packet->dst, packet->addr_len);
	return fold(add_sum(sum, packet->body, packet->body_len));
}

static int set_addresses(struct packet *packet, const char *src, const char *dst)
{
	packet->family = strchr(src, ':') ? AF_INET6 : AF_INET;
	packet->addr_len = packet->family == AF_INET ? 4 : 16;
	return inet_pton(packet->family, src, packet->src) == 1 &&
			       inet_pton(packet->family, dst, packet->dst) == 1
		       ? 0
		       : -1;
}

static void set_udp(struct packet *packet, unsigned from, unsigned to, const char *text)
{
	size_t len = strnlen(text, PAYLOAD_MAX);

	packet->proto = IPPROTO_UDP;
	packet->body_len = LEN_UDP + len;
	put16(packet->body, from);
	put16(packet->body + 2, to);
	put16(packet->body + 4, (unsigned)packet->body_len);
	memcpy(packet->body + LEN_UDP, text, len);
	put16(packet->body + 6, body_sum(packet));
}

static void set_rst(struct packet *packet, unsigned from, unsigned to)
{
	packet->proto = IPPROTO_TCP;
	packet->body_len = LEN_TCP;
	put16(packet->body, from);
	put16(packet->body + 2, to);
	packet->body[12] = LEN_TCP / 4 << 4;
	packet->body[13] = 4; /* RST */
	put16(packet->body + 16, body_sum(packet));
}

static void set_head(struct packet *packet)
{
	unsigned char *head = packet->head;

	if (packet->family == AF_INET6) {
		packet->head_len = LEN6;
		head[0] = 0x60;
		put16(head + 4, (unsigned)packet->body_len);
		head[6] = packet->proto;
		head[7] = 64;
		memcpy(head + 8, packet->src, 16);
		memcpy(head + 24, packet->dst, 16);
		return;
	}
	packet->head_len = LEN4;
	head[0] = 0x45;
	put16(head + 2, (unsigned)(LEN4 + packet->body_len));
	head[8] = 64;
	head[9] = packet->proto;
	memcpy(head + 12, packet->src, 4);
	memcpy(head + 16, packet->dst, 4);
	put16(head + 10, fold(add_sum(0, head, LEN4)));
}

static int send_out(const char *dev, const unsigned char *mac, const struct packet *packet)
{
	unsigned char frame[ETH_HLEN + sizeof(packet->head) + sizeof(packet->body)];
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_halen = ETH_ALEN };
	struct ifreq own = { 0 };
	size_t len = ETH_HLEN + packet->head_len + packet->body_len;
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	to.sll_ifindex = (int)if_nametoindex(dev);
	snprintf(own.ifr_name, sizeof(own.ifr_name), "%s", dev);
	if (fd < 0 || to.sll_ifindex == 0 || ioctl(fd, SIOCGIFHWADDR, &own) < 0)
		return fail(dev);
	memcpy(frame, mac, ETH_ALEN);
	memcpy(frame + ETH_ALEN, own.ifr_hwaddr.sa_data, ETH_ALEN);
	put16(frame + 2 * ETH_ALEN, packet->family == AF_INET ? ETH_P_IP : ETH_P_IPV6);
	memcpy(frame + ETH_HLEN, packet->head, packet->head_len);
	memcpy(frame + ETH_HLEN + packet->head_len, packet->body, packet->body_len);
	if (sendto(fd, frame, len, 0, (const struct sockaddr *)&to, sizeof(to)) != (ssize_t)len)
		return fail("cannot send");
	close(fd);
	return 0;
}

int main(int argc, char **argv)
{
	struct packet packet = { 0 };
	unsigned char mac[ETH_ALEN];
	unsigned from, to;
	bool udp = argc == 9 && !strcmp(argv[3], "udp");

	if ((!udp && (argc != 8 || strcmp(argv[3], "rst") != 0)) ||
	    sscanf(argv[2], "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx", &mac[0], &mac[1], &mac[2],
		   &mac[3], &mac[4], &mac[5]) != ETH_ALEN ||
	    set_addresses(&packet, argv[4], argv[6]) < 0) {
		fprintf(stderr, "usage: forge DEVICE TO-MAC udp|rst SOURCE PORT DESTINATION PORT "
				"[TEXT]\n");
		return 2;
	}
	from = (unsigned)strtoul(argv[5], NULL, 10);
	to = (unsigned)strtoul(argv[7], NULL, 10);
	if (udp)
		set_udp(&packet, from, to, argv[8]);
	else
		set_rst(&packet, from, to);
	set_head(&packet);
	return send_out(argv[1], mac, &packet);
}
