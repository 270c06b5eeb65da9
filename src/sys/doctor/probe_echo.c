/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe_echo.c - how large packets to somebody may be, found out by echo requests.
 *
 * They must not be fragmented, and what the kernel knows of the way is not asked (IP_PMTUDISC_PROBE). A small one and one of the full
 * size go first; if the large one is lost, those of all usual sizes go together, so that it takes no longer than one. Routers' messages
 * that a packet is too large come by the socket's queue of errors.
 */
#include "sys/doctor/probe_echo.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/ip_icmp.h>
#include <stdbool.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util/checksum.h"
#include "util/mem.h"
#include "util/patience.h"
#include "util/proc.h"
#include "util/send.h"

#define TRIES 2
#define SIZES_MAX 24
#define CONTROL_MAX 512

/**
 * struct echo - who is sent echo requests
 * @cookie:  in all of them
 * @sizes:   of the packets, by their number; @open: it is not known yet whether such a packet passes, and it matters
 * @refused: a router has said that there is no way
 */
struct echo {
	int fd, ifindex;
	struct vnm_addr to;
	uint8_t cookie[8];
	uint32_t sizes[SIZES_MAX], largest, told;
	bool open[SIZES_MAX], refused;
	size_t n;
	uint8_t *data;
};

static bool is_v6(const struct echo *echo)
{
	return echo->to.family == AF_INET6;
}

static int bind_echo(const struct echo *echo, const char *dev)
{
	return dev ? setsockopt(echo->fd, SOL_SOCKET, SO_BINDTODEVICE, dev, (socklen_t)strlen(dev))
		   : 0;
}

static int open_echo(struct echo *echo, const char *dev)
{
	const bool v6 = is_v6(echo);
	const int probe = v6 ? IPV6_PMTUDISC_PROBE : IP_PMTUDISC_PROBE, on = 1;
	const int level = v6 ? IPPROTO_IPV6 : IPPROTO_IP;

	echo->fd = socket(echo->to.family, SOCK_RAW | SOCK_CLOEXEC,
			  v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
	if (echo->fd < 0 || bind_echo(echo, dev) < 0 ||
	    getrandom(echo->cookie, sizeof(echo->cookie), 0) != (ssize_t)sizeof(echo->cookie) ||
	    setsockopt(echo->fd, level, v6 ? IPV6_RECVERR : IP_RECVERR, &on, sizeof(on)) < 0)
		return -1;
	return setsockopt(echo->fd, level, v6 ? IPV6_MTU_DISCOVER : IP_MTU_DISCOVER, &probe,
			  sizeof(probe));
}

/* The packet with that number, which is its sequence number. */
static void send_echo(struct echo *echo, size_t number)
{
	const bool v6 = is_v6(echo);
	const size_t len = echo->sizes[number] -
			   (v6 ? sizeof(struct ip6_hdr) : sizeof(struct iphdr));
	struct icmp6_hdr head = { .icmp6_type = v6 ? ICMP6_ECHO_REQUEST : ICMP_ECHO };
	uint8_t *data = echo->data;
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} to = { .any.sa_family = (sa_family_t)echo->to.family };

	memcpy(&head.icmp6_id, echo->cookie, sizeof(head.icmp6_id));
	head.icmp6_seq = htons((uint16_t)number);
	memset(data, 0, len);
	memcpy(data, &head, sizeof(head));
	memcpy(data + sizeof(head), echo->cookie, sizeof(echo->cookie));
	/* The kernel computes that of IPv6. */
	head.icmp6_cksum = v6 ? 0 : vnm_checksum(vnm_checksum_add(0, data, len));
	memcpy(data, &head, sizeof(head));
	if (v6) {
		memcpy(&to.v6.sin6_addr, echo->to.b, sizeof(to.v6.sin6_addr));
		to.v6.sin6_scope_id = (uint32_t)echo->ifindex;
	} else {
		memcpy(&to.v4.sin_addr, echo->to.b, sizeof(to.v4.sin_addr));
	}
	(void)vnm_send_to(echo->fd, data, len, &to, v6 ? sizeof(to.v6) : sizeof(to.v4));
}

/* Of larger ones it is known that they do not pass, of smaller ones that they do. */
static void close_sizes(struct echo *echo)
{
	for (size_t i = 0; i < echo->n; i++)
		if (echo->sizes[i] <= echo->largest || (echo->told && echo->sizes[i] > echo->told))
			echo->open[i] = false;
}

/* @len: of a packet; of IPv6 without its header. */
static void note_answer(struct echo *echo, size_t len)
{
	const uint8_t *data = echo->data;
	const size_t at = is_v6(echo) ? 0 : (size_t)(data[0] & 15) * 4;
	struct icmp6_hdr head;

	if (len < at + sizeof(head) + sizeof(echo->cookie))
		return;
	memcpy(&head, data + at, sizeof(head));
	if (head.icmp6_type == (is_v6(echo) ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY) &&
	    ntohs(head.icmp6_seq) < echo->n &&
	    !memcmp(data + at + sizeof(head), echo->cookie, sizeof(echo->cookie)) &&
	    echo->sizes[ntohs(head.icmp6_seq)] > echo->largest)
		echo->largest = echo->sizes[ntohs(head.icmp6_seq)];
}

static void note_error(struct echo *echo, const struct sock_extended_err *error)
{
	if (error->ee_origin != SO_EE_ORIGIN_ICMP && error->ee_origin != SO_EE_ORIGIN_ICMP6)
		return;
	if (error->ee_errno != EMSGSIZE)
		echo->refused = true;
	else if (error->ee_info > VNM_ECHO_SMALL && (!echo->told || error->ee_info < echo->told))
		echo->told = error->ee_info;
}

static void read_error(struct echo *echo)
{
	_Alignas(struct cmsghdr) char control[CONTROL_MAX];
	struct msghdr msg = { .msg_control = control, .msg_controllen = sizeof(control) };
	struct sock_extended_err error;

	if (recvmsg(echo->fd, &msg, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
		return;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c))
		if (c->cmsg_len >= CMSG_LEN(sizeof(error))) {
			memcpy(&error, CMSG_DATA(c), sizeof(error));
			note_error(echo, &error);
		}
}

static bool is_open(const struct echo *echo)
{
	for (size_t i = 0; i < echo->n && !echo->refused; i++)
		if (echo->open[i])
			return true;
	return false;
}

static void await_answers(struct echo *echo, int wait_ms)
{
	const int64_t start = vnm_now_ms();
	struct pollfd news = { echo->fd, POLLIN, 0 };

	/* Who has answered will answer again; who has not may never. */
	while (is_open(echo) &&
	       vnm_poll_until(&news, 1,
			      start + (echo->largest ? vnm_patience_ms(wait_ms) : wait_ms)) > 0) {
		ssize_t n = recv(echo->fd, echo->data, VNM_ECHO_MAX, MSG_DONTWAIT);

		if (n > 0)
			note_answer(echo, (size_t)n);
		read_error(echo);
		close_sizes(echo);
	}
}

static void try_sizes(struct echo *echo, int wait_ms)
{
	for (int i = 0; i < TRIES && is_open(echo); i++) {
		for (size_t k = 0; k < echo->n; k++)
			if (echo->open[k])
				send_echo(echo, k);
		await_answers(echo, wait_ms);
	}
	for (size_t k = 0; k < echo->n; k++)
		echo->open[k] = false;
}

static void add_size(struct echo *echo, uint32_t size)
{
	if (size <= echo->largest || echo->n >= SIZES_MAX)
		return;
	echo->open[echo->n] = true;
	echo->sizes[echo->n++] = size;
}

static void find_largest(struct echo *echo, uint32_t full, int wait_ms)
{
	static const uint32_t usual[] = { 9000, 8000, 4000, 1600, 1500, 1492, 1480, 1472, 1460,
					  1450, 1420, 1400, 1380, 1350, 1280, 1000, 576 };

	add_size(echo, VNM_ECHO_SMALL);
	add_size(echo, full);
	try_sizes(echo, wait_ms);
	if (!echo->largest || echo->largest == full)
		return;
	for (size_t i = 0; i < VNM_ARRAY_SIZE(usual); i++)
		if (usual[i] < full && (!echo->told || usual[i] < echo->told))
			add_size(echo, usual[i]);
	if (echo->told && echo->told < full)
		add_size(echo, echo->told);
	try_sizes(echo, wait_ms);
}

/**
 * vnm_probe_echo() - find out how large packets may be that somebody is sent
 * @to:      the address
 * @ifindex: the device that it is behind, for a link-local one
 * @dev:     the device, or the VRF, by whose routes they are sent; NULL: by the host's
 * @full:    bytes of the largest packets that the host would send there: above VNM_ECHO_SMALL, up to VNM_ECHO_MAX
 * @wait_ms: how long an answer may take
 * @ret:     gets what came of it: nothing where no echo request is answered
 */
void vnm_probe_echo(const struct vnm_addr *to, int ifindex, const char *dev, uint32_t full,
		    int wait_ms, struct vnm_echo_result *ret)
{
	vnm_autofree uint8_t *data = vnm_alloc(VNM_ECHO_MAX);
	struct echo echo = { .fd = -1, .to = *to, .ifindex = ifindex, .data = data };

	*ret = (struct vnm_echo_result){ 0 };
	if (open_echo(&echo, dev) == 0)
		find_largest(&echo, full, wait_ms);
	if (echo.fd >= 0)
		(void)close(echo.fd);
	ret->largest = echo.largest;
	ret->told = echo.told;
}
