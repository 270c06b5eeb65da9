/* SPDX-License-Identifier: GPL-2.0-or-later */
/* packet.c - the packet that is followed. Checksums are complete: connection tracking refuses packets with others. */
#include "plan/trace/packet.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/tcp.h>
#include <netinet/icmp6.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/ip_icmp.h>
#include <netinet/udp.h>
#include <string.h>

#include "util/checksum.h"

#define HOPS 64
#define TCP_WINDOW 64240
#define TCP_COOKIE 4 /* bytes: the sequence number */
#define TCP_SEQUENCE 4
#define TCP_ACKNOWLEDGED 8 /* offset of the sequence number that is expected next */
#define BEHIND_HEADER 8 /* of UDP and ICMP */
#define QUOTED 8 /* offset of the packet that an ICMP error quotes */

/** vnm_packet_echo() - the protocol of an echo request in that family */
uint8_t vnm_packet_echo(int family)
{
	return family == AF_INET6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
}

/** vnm_packet_mark() - the place of the cookie */
struct vnm_packet_mark vnm_packet_mark(const struct vnm_packet *packet)
{
	bool tcp = packet->proto == IPPROTO_TCP;
	struct vnm_packet_mark mark = {
		.proto = packet->proto,
		.offset = tcp ? TCP_SEQUENCE : BEHIND_HEADER,
		.len = tcp ? TCP_COOKIE : VNM_PACKET_COOKIE,
	};

	memcpy(mark.value, packet->cookie, mark.len);
	return mark;
}

/**
 * vnm_packet_errors() - what tells an answer that refuses the packet: an ICMP error, which quotes it, or a TCP reset
 * @packet: the packet
 * @ret:    gets one for each kind
 *
 * Return: how many.
 */
size_t vnm_packet_errors(const struct vnm_packet *packet,
			 struct vnm_packet_mark ret[static VNM_PACKET_ERRORS])
{
	bool v6 = packet->src.family == AF_INET6;
	uint32_t next;

	ret[0] = vnm_packet_mark(packet);
	ret[0].proto = vnm_packet_echo(packet->src.family);
	ret[0].offset += QUOTED + (v6 ? sizeof(struct ip6_hdr) : sizeof(struct iphdr));
	if (packet->proto != IPPROTO_TCP)
		return 1;
	memcpy(&next, packet->cookie, sizeof(next));
	next = htonl(ntohl(next) + 1);
	ret[1] = (struct vnm_packet_mark){ IPPROTO_TCP, TCP_ACKNOWLEDGED, sizeof(next), { 0 } };
	memcpy(ret[1].value, &next, sizeof(next));
	return 2;
}

/** vnm_packet_is() - is it this packet? @transport: its transport header and what follows, @len bytes */
bool vnm_packet_is(const struct vnm_packet *packet, const uint8_t *transport, size_t len)
{
	const struct vnm_packet_mark mark = vnm_packet_mark(packet);

	return len >= (size_t)mark.offset + mark.len &&
	       memcmp(transport + mark.offset, mark.value, mark.len) == 0;
}

/* Over the addresses, the protocol and the length, too; ICMP for IPv4 has no pseudo header. */
static uint16_t checksum(const struct vnm_packet *packet, const void *data, size_t len)
{
	size_t size = vnm_addr_bits(packet->src.family) / 8;
	uint32_t total = vnm_checksum_add(0, data, len);

	if (packet->proto == IPPROTO_ICMP)
		return vnm_checksum(total);
	total = vnm_checksum_add(total, packet->src.b, size);
	total = vnm_checksum_add(total, packet->dst.b, size);
	return vnm_checksum(total + packet->proto + (uint32_t)len);
}

static size_t put_tcp(const struct vnm_packet *packet, uint8_t *at)
{
	static const uint8_t mss[] = { 2, 4, 1460 >> 8, 1460 & 0xff };
	struct tcphdr tcp = {
		.source = htons(packet->sport),
		.dest = htons(packet->dport),
		.doff = (sizeof(tcp) + sizeof(mss)) / 4,
		.syn = 1,
		.ack = packet->reply,
		.window = htons(TCP_WINDOW),
	};

	memcpy(&tcp.seq, packet->cookie, sizeof(tcp.seq));
	if (packet->reply) {
		memcpy(&tcp.ack_seq, packet->answers, sizeof(tcp.ack_seq));
		tcp.ack_seq = htonl(ntohl(tcp.ack_seq) + 1);
	}
	memcpy(at, &tcp, sizeof(tcp));
	memcpy(at + sizeof(tcp), mss, sizeof(mss));
	tcp.check = checksum(packet, at, sizeof(tcp) + sizeof(mss));
	memcpy(at, &tcp, sizeof(tcp));
	return sizeof(tcp) + sizeof(mss);
}

static size_t put_udp(const struct vnm_packet *packet, uint8_t *at)
{
	const size_t len = sizeof(struct udphdr) + VNM_PACKET_COOKIE;
	struct udphdr udp = {
		.uh_sport = htons(packet->sport),
		.uh_dport = htons(packet->dport),
		.uh_ulen = htons((uint16_t)len),
	};

	memcpy(at, &udp, sizeof(udp));
	memcpy(at + sizeof(udp), packet->cookie, VNM_PACKET_COOKIE);
	udp.uh_sum = checksum(packet, at, len);
	if (udp.uh_sum == 0) /* it would say that there is none */
		udp.uh_sum = 0xffff;
	memcpy(at, &udp, sizeof(udp));
	return len;
}

static size_t put_echo(const struct vnm_packet *packet, uint8_t *at)
{
	const size_t len = sizeof(struct icmp6_hdr) + VNM_PACKET_COOKIE;
	bool v6 = packet->proto == IPPROTO_ICMPV6;
	struct icmp6_hdr icmp = {
		.icmp6_type = packet->reply ? (v6 ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY)
					    : (v6 ? ICMP6_ECHO_REQUEST : ICMP_ECHO),
	};

	icmp.icmp6_id = htons(packet->reply ? packet->dport : packet->sport);
	icmp.icmp6_seq = htons(1);
	memcpy(at, &icmp, sizeof(icmp));
	memcpy(at + sizeof(icmp), packet->cookie, VNM_PACKET_COOKIE);
	icmp.icmp6_cksum = checksum(packet, at, len);
	memcpy(at, &icmp, sizeof(icmp));
	return len;
}

static size_t put_transport(const struct vnm_packet *packet, uint8_t *at)
{
	if (packet->proto == IPPROTO_TCP)
		return put_tcp(packet, at);
	return packet->proto == IPPROTO_UDP ? put_udp(packet, at) : put_echo(packet, at);
}

static size_t put_ip(const struct vnm_packet *packet, size_t len, uint8_t *at)
{
	struct iphdr ip = {
		.version = 4,
		.ihl = sizeof(ip) / 4,
		.tot_len = htons((uint16_t)(sizeof(ip) + len)),
		.frag_off = htons(IP_DF),
		.ttl = HOPS,
		.protocol = packet->proto,
	};

	memcpy(&ip.id, packet->cookie, sizeof(ip.id));
	memcpy(&ip.saddr, packet->src.b, sizeof(ip.saddr));
	memcpy(&ip.daddr, packet->dst.b, sizeof(ip.daddr));
	ip.check = vnm_checksum(vnm_checksum_add(0, &ip, sizeof(ip)));
	memcpy(at, &ip, sizeof(ip));
	return sizeof(ip);
}

static size_t put_ip6(const struct vnm_packet *packet, size_t len, uint8_t *at)
{
	struct ip6_hdr ip = { 0 };

	ip.ip6_flow = htonl(6u << 28);
	ip.ip6_plen = htons((uint16_t)len);
	ip.ip6_nxt = packet->proto;
	ip.ip6_hlim = HOPS;
	memcpy(&ip.ip6_src, packet->src.b, sizeof(ip.ip6_src));
	memcpy(&ip.ip6_dst, packet->dst.b, sizeof(ip.ip6_dst));
	memcpy(at, &ip, sizeof(ip));
	return sizeof(ip);
}

/**
 * vnm_packet_frame() - the packet as a frame of Ethernet
 * @packet: the packet
 * @from:   the sender's MAC address
 * @to:     that of the next hop
 * @ret:    gets the frame
 *
 * Return: its length.
 */
size_t vnm_packet_frame(const struct vnm_packet *packet, const struct vnm_mac *from,
			const struct vnm_mac *to, uint8_t ret[static VNM_PACKET_MAX])
{
	bool v6 = packet->src.family == AF_INET6;
	struct ethhdr eth = { .h_proto = htons(v6 ? ETH_P_IPV6 : ETH_P_IP) };
	size_t head = v6 ? sizeof(struct ip6_hdr) : sizeof(struct iphdr), len;

	memcpy(eth.h_dest, to->b, sizeof(eth.h_dest));
	memcpy(eth.h_source, from->b, sizeof(eth.h_source));
	memcpy(ret, &eth, sizeof(eth));
	len = put_transport(packet, ret + sizeof(eth) + head);
	head = v6 ? put_ip6(packet, len, ret + sizeof(eth))
		  : put_ip(packet, len, ret + sizeof(eth));
	return sizeof(eth) + head + len;
}
