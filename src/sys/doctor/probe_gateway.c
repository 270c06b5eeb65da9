/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe_gateway.c - does the host's gateway answer, and how large may packets to it be?
 *
 * What the kernel knows of a neighbour may be old: one that was silent is asked again. A device may be set to larger packets than the
 * switch behind it takes: then small echo requests are answered, and those of the device's full size are not.
 */
#include "sys/doctor/probe_gateway.h"

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/ip_icmp.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/link/neighbour.h"
#include "util/checksum.h"
#include "util/mem.h"
#include "util/proc.h"

#define ASK_MS 1500
#define ECHO_MS 250 /* it is next door */
#define TRIES 2
#define ECHO_MAX 9216 /* bytes of the largest packet: no switch takes more */
#define SMALL 64

/** struct echo - a gateway that is sent echo requests. @fd: a raw socket; @cookie: in all of them */
struct echo {
	int fd;
	struct vnm_addr addr;
	int ifindex;
	uint8_t cookie[8];
	uint16_t seq;
};

static const struct vnm_case_route *default_route(const struct vnm_case *c, int family)
{
	const struct vnm_case_route *best = NULL;

	for (size_t i = 0; i < c->host.n_routes; i++) {
		const struct vnm_case_route *route = &c->host.routes[i];

		if (route->dst.len == 0 && route->gateway.family == family &&
		    route->table == RT_TABLE_MAIN && (!best || route->metric < best->metric))
			best = route;
	}
	return best;
}

static struct vnm_case_neighbour *entry_of(struct vnm_case *c, const struct vnm_case_route *route)
{
	for (size_t i = 0; i < c->n_neighbours; i++)
		if (c->neighbours[i].ifindex == route->ifindex &&
		    vnm_addr_equal(&c->neighbours[i].addr, &route->gateway))
			return &c->neighbours[i];
	c->neighbours = vnm_array_add(c->neighbours, &c->n_neighbours, sizeof(*c->neighbours));
	c->neighbours[c->n_neighbours - 1] =
		(struct vnm_case_neighbour){ .addr = route->gateway, .ifindex = route->ifindex };
	return &c->neighbours[c->n_neighbours - 1];
}

static void ask(struct vnm_sys *sys, struct vnm_case *c, const struct vnm_case_route *route)
{
	const struct vnm_link *link = vnm_case_link_of(&c->host, route->ifindex);
	struct vnm_case_neighbour *entry;
	struct vnm_probe probe = { .addr = route->gateway };

	if (!link || !link->fact.up || !link->carrier || link->fact.no_neighbours || link->no_arp)
		return;
	entry = entry_of(c, route);
	if (entry->state & (NUD_REACHABLE | NUD_PERMANENT | NUD_NOARP) ||
	    vnm_neighbours_probe(sys, link->fact.name, &probe, 1, ASK_MS) < 0)
		return;
	entry->state = probe.answered ? NUD_REACHABLE : NUD_FAILED;
	entry->mac = probe.mac;
}

/**
 * vnm_probe_gateways() - ask the host's gateways whether they are there
 * @sys: the handles
 * @c:   the case; gets the answers among its neighbours
 */
void vnm_probe_gateways(struct vnm_sys *sys, struct vnm_case *c)
{
	static const int families[] = { AF_INET, AF_INET6 };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(families); i++) {
		const struct vnm_case_route *route = default_route(c, families[i]);

		if (route)
			ask(sys, c, route);
	}
}

/* ---- how large packets may be ---- */

static int open_echo(struct echo *echo)
{
	const bool v6 = echo->addr.family == AF_INET6;
	const int probe = v6 ? IPV6_PMTUDISC_PROBE : IP_PMTUDISC_PROBE;

	echo->fd = socket(echo->addr.family, SOCK_RAW | SOCK_CLOEXEC,
			  v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
	if (echo->fd < 0 ||
	    getrandom(echo->cookie, sizeof(echo->cookie), 0) != (ssize_t)sizeof(echo->cookie))
		return -1;
	return setsockopt(echo->fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP,
			  v6 ? IPV6_MTU_DISCOVER : IP_MTU_DISCOVER, &probe, sizeof(probe));
}

static int send_echo(struct echo *echo, size_t len, uint8_t *data)
{
	const bool v6 = echo->addr.family == AF_INET6;
	struct icmp6_hdr head = { .icmp6_type = v6 ? ICMP6_ECHO_REQUEST : ICMP_ECHO };
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} to = { .any.sa_family = (sa_family_t)echo->addr.family };

	memcpy(&head.icmp6_id, echo->cookie, sizeof(head.icmp6_id));
	head.icmp6_seq = ++echo->seq;
	memset(data, 0, len);
	memcpy(data, &head, sizeof(head));
	memcpy(data + sizeof(head), echo->cookie, sizeof(echo->cookie));
	/* The kernel computes that of IPv6. */
	head.icmp6_cksum = v6 ? 0 : vnm_checksum(vnm_checksum_add(0, data, len));
	memcpy(data, &head, sizeof(head));
	if (v6) {
		memcpy(&to.v6.sin6_addr, echo->addr.b, sizeof(to.v6.sin6_addr));
		to.v6.sin6_scope_id = (uint32_t)echo->ifindex;
	} else {
		memcpy(&to.v4.sin_addr, echo->addr.b, sizeof(to.v4.sin_addr));
	}
	return sendto(echo->fd, data, len, 0, &to.any, v6 ? sizeof(to.v6) : sizeof(to.v4)) < 0 ? -1
											       : 0;
}

/* @data: a packet; of IPv6 without its header. */
static bool is_answer(const struct echo *echo, const uint8_t *data, size_t len)
{
	const bool v6 = echo->addr.family == AF_INET6;
	const size_t at = v6 ? 0 : (size_t)(data[0] & 15) * 4;
	struct icmp6_hdr head;

	if (len < at + sizeof(head) + sizeof(echo->cookie))
		return false;
	memcpy(&head, data + at, sizeof(head));
	return head.icmp6_type == (v6 ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY) &&
	       head.icmp6_seq == echo->seq &&
	       !memcmp(data + at + sizeof(head), echo->cookie, sizeof(echo->cookie));
}

static bool await_answer(const struct echo *echo, uint8_t *data)
{
	const int64_t deadline = vnm_now_ms() + ECHO_MS;
	struct pollfd news = { echo->fd, POLLIN, 0 };

	while (vnm_poll_until(&news, 1, deadline) > 0) {
		ssize_t n = recv(echo->fd, data, ECHO_MAX, MSG_DONTWAIT);

		if (n > 0 && is_answer(echo, data, (size_t)n))
			return true;
	}
	return false;
}

/* Is a packet of that size answered? */
static bool passes(struct echo *echo, uint32_t mtu, uint8_t *data)
{
	const size_t head = echo->addr.family == AF_INET6 ? sizeof(struct ip6_hdr)
							  : sizeof(struct iphdr);

	for (int i = 0; i < TRIES; i++)
		if (send_echo(echo, mtu - head, data) == 0 && await_answer(echo, data))
			return true;
	return false;
}

/* The largest of the usual sizes; 0: nothing is answered at all. */
static uint32_t largest(struct echo *echo, uint32_t mtu)
{
	static const uint32_t sizes[] = { 9000, 8000, 4000, 1600, 1500, 1492, 1480, 1472, 1460,
					  1450, 1420, 1400, 1380, 1350, 1280, 1000, 576 };
	vnm_autofree uint8_t *data = vnm_alloc(ECHO_MAX);

	if (!passes(echo, SMALL, data))
		return 0;
	if (passes(echo, mtu, data))
		return mtu;
	for (size_t i = 0; i < VNM_ARRAY_SIZE(sizes); i++)
		if (sizes[i] < mtu && passes(echo, sizes[i], data))
			return sizes[i];
	return 0;
}

/**
 * vnm_probe_gateway_mtu() - find out the largest packets that get to the host's gateway
 * @c: the case; gets it as @gateway. One that answers no echo requests is left out
 */
void vnm_probe_gateway_mtu(struct vnm_case *c)
{
	const struct vnm_case_route *route = default_route(c, AF_INET);
	const struct vnm_link *link;
	struct echo echo = { .fd = -1 };

	if (!route)
		route = default_route(c, AF_INET6);
	link = route ? vnm_case_link_of(&c->host, route->ifindex) : NULL;
	if (!link || !link->fact.up || link->fact.mtu > ECHO_MAX || link->fact.mtu <= SMALL)
		return;
	echo.addr = route->gateway;
	echo.ifindex = route->ifindex;
	if (open_echo(&echo) == 0)
		c->probes.gateway = (struct vnm_case_step){ route->gateway, route->ifindex,
							    largest(&echo, link->fact.mtu) };
	if (echo.fd >= 0)
		(void)close(echo.fd);
}
