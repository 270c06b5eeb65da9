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
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/netlink/netns_enter.h"
#include "util/mem.h"
#include "util/proc.h"

#define DISCARD_PORT 9
#define TELL_MS 300 /* the host is next door */
#define TRIES 2
#define PACKET_MAX 16384

/** struct asking - what is asked in a guest's namespace. @mtu: of the way out; @told: the guest knows it */
struct asking {
	int family;
	uint32_t mtu, own;
	bool told;
};

/* A name server of the root stands for everybody outside. */
static int connect_outside(int fd, int family)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(DISCARD_PORT) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(DISCARD_PORT) };

	(void)inet_pton(AF_INET, "198.41.0.4", &v4.sin_addr);
	(void)inet_pton(AF_INET6, "2001:503:ba3e::2:30", &v6.sin6_addr);
	return family == AF_INET6 ? connect(fd, (struct sockaddr *)&v6, sizeof(v6))
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

/* Only what is larger than the way out is sent, so that it ends at the host. */
static int ask(void *data)
{
	struct asking *asking = data;
	const size_t head = sizeof(struct udphdr) + (asking->family == AF_INET6
							     ? sizeof(struct ip6_hdr)
							     : sizeof(struct iphdr));
	vnm_autoclose int fd = socket(asking->family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	vnm_autofree uint8_t *packet = vnm_alloc(PACKET_MAX);

	if (fd < 0 || must_not_fragment(fd, asking->family) < 0 ||
	    connect_outside(fd, asking->family) < 0)
		return -1;
	for (int i = 0; i < TRIES; i++) {
		struct pollfd news = { fd, 0, 0 }; /* errors alone */
		const uint32_t known = known_mtu(fd, asking->family);

		asking->told = known <= asking->mtu;
		if (asking->told)
			return 0;
		(void)send(fd, packet, asking->own - head, MSG_DONTWAIT);
		(void)vnm_poll_until(&news, 1, vnm_now_ms() + TELL_MS);
		asking->told = known_mtu(fd, asking->family) <= asking->mtu;
	}
	return 0;
}

/* Of the default route that the host takes, and of its device. */
static const struct vnm_case_route *way_out(const struct vnm_case *c, int family, uint32_t *ret_mtu)
{
	const struct vnm_case_route *best = NULL;
	const struct vnm_link *link;

	for (size_t i = 0; i < c->host.n_routes; i++) {
		const struct vnm_case_route *route = &c->host.routes[i];

		if (route->dst.len == 0 && route->dst.addr.family == family &&
		    route->table == RT_TABLE_MAIN && route->type == RTN_UNICAST &&
		    (!best || route->metric < best->metric))
			best = route;
	}
	link = best ? vnm_case_link_of(&c->host, best->ifindex) : NULL;
	if (!link)
		return NULL;
	*ret_mtu = best->mtu && best->mtu < link->fact.mtu ? best->mtu : link->fact.mtu;
	return best;
}

static void probe(const struct vnm_case *c, struct vnm_case_guest *guest, int family)
{
	const struct vnm_op_netns ns = { guest->attach->netns, 0 };
	struct asking asking = { .family = family, .own = guest->link.fact.mtu };
	const struct vnm_case_route *out = way_out(c, family, &asking.mtu);

	if (!out || guest->path.untold || asking.mtu >= asking.own || asking.own > PACKET_MAX ||
	    vnm_netns_run(&ns, ask, &asking) < 0)
		return;
	guest->path = (struct vnm_case_path){ family, out->ifindex, asking.mtu, !asking.told };
}

/**
 * vnm_probe_paths() - ask each guest in a namespace whether it hears that its packets are too large
 * @c: the case; gets the answers as @path. Best effort
 */
void vnm_probe_paths(struct vnm_case *c)
{
	for (size_t i = 0; i < c->n_guests; i++) {
		struct vnm_case_guest *guest = &c->guests[i];

		if (!guest->inside || guest->attach->parent)
			continue;
		if (vnm_case_forwards(c, AF_INET))
			probe(c, guest, AF_INET);
		if (vnm_case_forwards(c, AF_INET6))
			probe(c, guest, AF_INET6);
	}
}
