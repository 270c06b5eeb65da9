/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe_ra.c - who tells a stranger on a bridge the router of IPv6?
 *
 * A router solicitation from the unspecified address, as a device without any sends it (RFC 4861 4.1): so the advertisement is sent to
 * all nodes, and nobody has to be found for it.
 */
#include "sys/doctor/probe_ra.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/ip6.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/doctor/probe_port.h"
#include "util/checksum.h"
#include "util/mem.h"
#include "util/patience.h"
#include "util/proc.h"
#include "util/send.h"

#define TRIES 3
#define TRY_MS 700
#define HOPS 255 /* who routes it further makes it less */

/** struct solicitation - as it is sent, without the frame's header */
struct solicitation {
	struct ip6_hdr ip;
	struct nd_router_solicit rs;
} __attribute__((packed));

static struct solicitation solicit(void)
{
	static const uint8_t all_routers[16] = { 0xff, 0x02, [15] = 2 };
	struct solicitation packet = { 0 };
	uint32_t total;

	packet.ip.ip6_flow = htonl(6u << 28);
	packet.ip.ip6_plen = htons(sizeof(packet.rs));
	packet.ip.ip6_nxt = IPPROTO_ICMPV6;
	packet.ip.ip6_hlim = HOPS;
	memcpy(&packet.ip.ip6_dst, all_routers, sizeof(all_routers));
	packet.rs.nd_rs_type = ND_ROUTER_SOLICIT;
	/* Over the addresses, the protocol and the length, too. */
	total = vnm_checksum_add(0, &packet.rs, sizeof(packet.rs));
	total = vnm_checksum_add(total, all_routers, sizeof(all_routers));
	packet.rs.nd_rs_cksum = vnm_checksum(total + IPPROTO_ICMPV6 + sizeof(packet.rs));
	return packet;
}

static bool is_advertisement(const uint8_t *data, size_t len)
{
	const struct ip6_hdr *ip = (const void *)data;

	return len >= sizeof(*ip) + sizeof(struct nd_router_advert) &&
	       ip->ip6_nxt == IPPROTO_ICMPV6 && ip->ip6_hlim == HOPS &&
	       data[sizeof(*ip)] == ND_ROUTER_ADVERT;
}

static bool receive(int fd, int64_t deadline)
{
	uint8_t data[2048] __attribute__((aligned(8)));
	struct pollfd news = { fd, POLLIN, 0 };
	ssize_t n;

	while (vnm_poll_until(&news, 1, deadline) > 0) {
		n = recv(fd, data, sizeof(data), MSG_DONTWAIT);
		if (n > 0 && is_advertisement(data, (size_t)n))
			return true;
	}
	return false;
}

/**
 * vnm_probe_ra() - send router solicitations, and wait for an advertisement
 * @port: where they are sent
 * @ret:  gets @advert
 *
 * Return: 0 or -errno: none could be sent.
 */
int vnm_probe_ra(struct vnm_probe_port *port, struct vnm_case_probes *ret)
{
	vnm_autoclose int fd =
		vnm_probe_port_socket(port, AF_PACKET, SOCK_DGRAM, htons(ETH_P_IPV6));
	const struct solicitation packet = solicit();
	struct sockaddr_ll to = { .sll_family = AF_PACKET,
				  .sll_protocol = htons(ETH_P_IPV6),
				  .sll_halen = ETH_ALEN,
				  .sll_addr = { 0x33, 0x33, 0, 0, 0, 2 } };

	if (fd < 0)
		return fd;
	to.sll_ifindex = vnm_probe_port_index(port);
	for (int i = 0; i < TRIES; i++) {
		int r = vnm_send_to(fd, &packet, sizeof(packet), &to, sizeof(to));

		if (r < 0)
			return r;
		ret->advert = VNM_PROBE_SILENCE;
		if (receive(fd, vnm_now_ms() + vnm_patience_ms(TRY_MS))) {
			ret->advert = VNM_PROBE_ANSWERED;
			return 0;
		}
	}
	return 0;
}
