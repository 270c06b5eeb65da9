/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe_sums.c - packets of guests with wrong checksums, in a sample of what arrives while probes are sent.
 *
 * Where the offload of checksums is lost between a guest and its bridge, its packets are dropped by whoever gets them, silently: no
 * rule stops them. Those that the kernel has not computed yet, as between a virtual device and its host, count as right.
 */
#include "sys/doctor/probe_sums.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <string.h>
#include <sys/socket.h>

#include "util/checksum.h"
#include "util/mem.h"

#define SAMPLE_MAX 256
#define PACKET_MAX 9216
#define CONTROL_MAX 128
#define UDP_SUM_AT 6

/** struct segment - what a checksum is of: @data with the addresses @addrs */
struct segment {
	const uint8_t *addrs, *data;
	size_t addrs_len, len;
	uint8_t proto;
};

/* Neither fragments, nor what has other headers before it. */
static bool find_segment(const uint8_t *packet, size_t len, struct segment *ret)
{
	struct ip6_hdr v6;
	struct iphdr v4;

	if (len >= sizeof(v4) && packet[0] >> 4 == 4) {
		memcpy(&v4, packet, sizeof(v4));
		*ret = (struct segment){ packet + offsetof(struct iphdr, saddr),
					 packet + (size_t)v4.ihl * 4, 8, ntohs(v4.tot_len),
					 v4.protocol };
		if (ret->len > len || ret->len < (size_t)v4.ihl * 4 ||
		    ntohs(v4.frag_off) & (IP_MF | IP_OFFMASK))
			return false;
		ret->len -= (size_t)v4.ihl * 4;
		return true;
	}
	if (len < sizeof(v6) || packet[0] >> 4 != 6)
		return false;
	memcpy(&v6, packet, sizeof(v6));
	*ret = (struct segment){ packet + offsetof(struct ip6_hdr, ip6_src), packet + sizeof(v6),
				 32, ntohs(v6.ip6_plen), v6.ip6_nxt };
	return ret->len <= len - sizeof(v6);
}

/**
 * vnm_probe_sum_wrong() - has a packet of UDP or TCP a wrong checksum?
 * @packet: from the header of IP on
 * @len:    its bytes
 */
bool vnm_probe_sum_wrong(const uint8_t *packet, size_t len)
{
	struct segment segment;
	uint32_t pseudo[2];

	if (!find_segment(packet, len, &segment) ||
	    (segment.proto != IPPROTO_UDP && segment.proto != IPPROTO_TCP) || segment.len < 8)
		return false;
	if (segment.proto == IPPROTO_UDP && !segment.data[UDP_SUM_AT] &&
	    !segment.data[UDP_SUM_AT + 1])
		return false; /* it has none */
	pseudo[0] = htonl((uint32_t)segment.len);
	pseudo[1] = htonl(segment.proto);
	return vnm_checksum(vnm_checksum_add(
		       vnm_checksum_add(vnm_checksum_add(0, segment.addrs, segment.addrs_len),
					pseudo, sizeof(pseudo)),
		       segment.data, segment.len)) != 0;
}

/**
 * vnm_probe_sums_open() - begin to take a sample of what arrives at the network's bridge
 * @c: the case
 *
 * Return: a descriptor for vnm_probe_sums_read(); -1: none can be taken.
 */
int vnm_probe_sums_open(const struct vnm_case *c)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	vnm_autoclose int fd = -1;
	const int on = 1;

	if (!c->link)
		return -1;
	at.sll_ifindex = c->link->fact.index;
	fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &on, sizeof(on)) < 0 ||
	    bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0)
		return -1;
	return vnm_steal_fd(&fd);
}

/* Is its checksum to be computed yet? */
static bool is_partial(struct msghdr *msg)
{
	struct tpacket_auxdata aux;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c))
		if (c->cmsg_level == SOL_PACKET && c->cmsg_type == PACKET_AUXDATA &&
		    c->cmsg_len >= CMSG_LEN(sizeof(aux))) {
			memcpy(&aux, CMSG_DATA(c), sizeof(aux));
			return aux.tp_status & TP_STATUS_CSUMNOTREADY;
		}
	return true; /* unknown */
}

static void note_wrong(struct vnm_case *c, const uint8_t mac[static ETH_ALEN])
{
	struct vnm_case_bad_sums *sums;

	for (size_t i = 0; i < c->probes.n_bad_sums; i++)
		if (!memcmp(c->probes.bad_sums[i].mac.b, mac, ETH_ALEN)) {
			c->probes.bad_sums[i].n++;
			return;
		}
	c->probes.bad_sums = vnm_array_add(c->probes.bad_sums, &c->probes.n_bad_sums,
					   sizeof(*c->probes.bad_sums));
	sums = &c->probes.bad_sums[c->probes.n_bad_sums - 1];
	*sums = (struct vnm_case_bad_sums){ .mac.set = true, .n = 1 };
	memcpy(sums->mac.b, mac, ETH_ALEN);
}

/**
 * vnm_probe_sums_read() - look at the packets that have arrived since
 * @fd: of vnm_probe_sums_open(); -1: none
 * @c:  the case; gets who has sent wrong ones
 */
void vnm_probe_sums_read(int fd, struct vnm_case *c)
{
	vnm_autofree uint8_t *data = vnm_alloc(PACKET_MAX);
	_Alignas(struct cmsghdr) char control[CONTROL_MAX];

	for (int i = 0; fd >= 0 && i < SAMPLE_MAX; i++) {
		struct sockaddr_ll from = { 0 };
		struct iovec part = { data, PACKET_MAX };
		struct msghdr msg = { .msg_name = &from,
				      .msg_namelen = sizeof(from),
				      .msg_iov = &part,
				      .msg_iovlen = 1,
				      .msg_control = control,
				      .msg_controllen = sizeof(control) };
		const ssize_t n = recvmsg(fd, &msg, MSG_DONTWAIT);

		if (n < 0)
			return;
		if (from.sll_pkttype != PACKET_OUTGOING && from.sll_halen == ETH_ALEN &&
		    !(msg.msg_flags & MSG_TRUNC) && !is_partial(&msg) &&
		    vnm_probe_sum_wrong(data, (size_t)n))
			note_wrong(c, from.sll_addr);
	}
}
