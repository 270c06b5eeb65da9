/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe_path.c - do guests hear that their packets are too large for the way out?
 *
 * Where the host's way out takes smaller packets than a guest sends, such as a tunnel, the guest must be told by ICMP (RFC 1191, RFC
 * 8201). So it sends one, from its own namespace, that must not be fragmented: the host refuses it, nobody outside gets it, and what the
 * guest's kernel then knows of that way tells whether the message came through.
 */
#include "sys/doctor/probe_path.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/netlink/netns_enter.h"
#include "util/mem.h"
#include "util/patience.h"
#include "util/proc.h"

#define DISCARD_PORT 9
#define TELL_MS 300 /* the host is next door */
#define FAR_MS 800
#define TRIES 2
#define PACKET_MAX 16384

/** struct asking - what is asked in a guest's namespace. @to: of the way there; @mtu: its; @wait_ms: for a message; @told: the guest knows it */
struct asking {
	struct vnm_addr to;
	uint32_t mtu, own;
	int wait_ms;
	bool told;
};

static int connect_to(int fd, const struct vnm_addr *to)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(DISCARD_PORT) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(DISCARD_PORT) };

	memcpy(&v4.sin_addr, to->b, sizeof(v4.sin_addr));
	memcpy(&v6.sin6_addr, to->b, sizeof(v6.sin6_addr));
	return to->family == AF_INET6 ? connect(fd, (struct sockaddr *)&v6, sizeof(v6))
				      : connect(fd, (struct sockaddr *)&v4, sizeof(v4));
}

/* What the kernel there takes for the maximum; 0: unknown. */
static uint32_t known_mtu(int fd, int family)
{
	int mtu = 0;
	socklen_t len = sizeof(mtu);
	const int r = family == AF_INET6 ? getsockopt(fd, IPPROTO_IPV6, IPV6_MTU, &mtu, &len)
					 : getsockopt(fd, IPPROTO_IP, IP_MTU, &mtu, &len);

	return r < 0 || mtu < 0 ? 0 : (uint32_t)mtu;
}

static int must_not_fragment(int fd, int family)
{
	const int v4 = IP_PMTUDISC_DO, v6 = IPV6_PMTUDISC_DO;

	return family == AF_INET6
		       ? setsockopt(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &v6, sizeof(v6))
		       : setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &v4, sizeof(v4));
}

/* Only what is larger than the way takes is sent, so that it ends there. */
static int ask(void *data)
{
	struct asking *asking = data;
	const size_t head =
		sizeof(struct udphdr) +
		(asking->to.family == AF_INET6 ? sizeof(struct ip6_hdr) : sizeof(struct iphdr));
	vnm_autoclose int fd = socket(asking->to.family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	vnm_autofree uint8_t *packet = vnm_alloc(PACKET_MAX);

	if (fd < 0 || must_not_fragment(fd, asking->to.family) < 0 ||
	    connect_to(fd, &asking->to) < 0)
		return -1;
	for (int i = 0; i < TRIES; i++) {
		struct pollfd news = { fd, 0, 0 }; /* errors alone */
		const uint32_t known = known_mtu(fd, asking->to.family);

		asking->told = known <= asking->mtu;
		if (asking->told)
			return 0;
		(void)send(fd, packet, asking->own - head, MSG_DONTWAIT);
		(void)vnm_poll_until(&news, 1, vnm_now_ms() + vnm_patience_ms(asking->wait_ms));
		asking->told = known_mtu(fd, asking->to.family) <= asking->mtu;
	}
	return 0;
}

/* @path: the way, and what it takes; @untold is found out. */
static void probe(struct vnm_case_guest *guest, const struct vnm_addr *to, int wait_ms,
		  const struct vnm_case_path *path)
{
	const struct vnm_op_netns ns = { guest->attach->netns, 0 };
	struct asking asking = {
		.to = *to, .own = guest->link.fact.mtu, .mtu = path->mtu, .wait_ms = wait_ms
	};

	if (!guest->inside || guest->attach->parent || guest->path.untold ||
	    asking.mtu >= asking.own || asking.own > PACKET_MAX ||
	    vnm_netns_run(&ns, ask, &asking) < 0)
		return;
	guest->path = *path;
	guest->path.untold = !asking.told;
}

static void probe_family(struct vnm_case *c, int family)
{
	struct vnm_case_path path = { .family = family };
	const struct vnm_case_route *out = vnm_case_way_out(c, family, &path.mtu);
	struct vnm_addr to;

	if (!out)
		return;
	path.out = out->ifindex;
	vnm_case_outside(family, &to);
	for (size_t i = 0; i < c->n_guests; i++)
		probe(&c->guests[i], &to, TELL_MS, &path);
}

/**
 * vnm_probe_paths() - ask each guest in a namespace whether it hears that its packets are too large for the host's way out
 * @c: the case; gets the answers as @path. Best effort
 */
void vnm_probe_paths(struct vnm_case *c)
{
	if (vnm_case_forwards(c, AF_INET))
		probe_family(c, AF_INET);
	if (vnm_case_forwards(c, AF_INET6))
		probe_family(c, AF_INET6);
}

/**
 * vnm_probe_told() - the same, of a router beyond the host's gateway that says so to the host
 * @c:   the case; gets the answers as @path
 * @way: to somebody beyond that router
 *
 * Of IPv6, the host itself tells guests what it has learnt by asking, for ten minutes.
 */
void vnm_probe_told(struct vnm_case *c, const struct vnm_case_way *way)
{
	const struct vnm_case_path path = {
		.family = way->to.family, .out = way->ifindex, .mtu = way->mtu, .beyond = way->to
	};

	for (size_t i = 0; i < c->n_guests; i++)
		probe(&c->guests[i], &way->to, FAR_MS, &path);
}
