/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * see_rival.c - who has a port that a network's dnsmasq needs?
 *
 * Several servers can share a port if each wants that, so only an attempt to bind it tells. It is made as dnsmasq makes it, and ended at
 * once.
 */
#include "sys/doctor/see_rival.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/host/sockets.h"
#include "util/mem.h"
#include "util/patience.h"
#include "util/poll.h"

#define DNS_PORT 53
#define DHCP_PORT 67
#define END_MS 300

/* Of an address that no device has yet, too. */
static bool is_taken(enum vnm_proto proto, const struct vnm_addr *addr, uint16_t port)
{
	vnm_autoclose int fd = socket(
		AF_INET, (proto == VNM_PROTO_TCP ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC, 0);
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
	const int one = 1;

	memcpy(&to.sin_addr, addr->b, sizeof(to.sin_addr));
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) < 0 ||
	    setsockopt(fd, IPPROTO_IP, IP_FREEBIND, &one, sizeof(one)) < 0)
		return false;
	if (bind(fd, (struct sockaddr *)&to, sizeof(to)) < 0)
		return errno == EADDRINUSE;
	return proto == VNM_PROTO_TCP && listen(fd, 1) < 0 && errno == EADDRINUSE;
}

/** struct search - for the process that has a socket. */
struct search {
	unsigned long inode;
	struct vnm_case_rival *rival;
};

static bool note_owner(unsigned long inode, const char *pid, void *data)
{
	struct search *search = data;

	if (inode != search->inode)
		return false;
	search->rival->pid = atoi(pid);
	search->rival->name = vnm_process_name(pid);
	return true;
}

static bool covers(const struct vnm_addr *bound, const struct vnm_addr *wanted)
{
	static const uint8_t any[16];

	return !memcmp(bound->b, any, sizeof(any)) || vnm_addr_equal(bound, wanted);
}

/* IPv6 sockets for all addresses may take IPv4, too. */
static void find_holder(enum vnm_proto proto, const struct vnm_addr *addr, uint16_t port,
			struct vnm_case_rival *ret)
{
	static const int families[] = { AF_INET, AF_INET6 };

	for (size_t f = 0; f < VNM_ARRAY_SIZE(families) && !ret->pid; f++) {
		vnm_autosockets struct vnm_sockets sockets = { 0 };

		(void)vnm_sockets_read(proto, families[f], &sockets);
		for (size_t i = 0; i < sockets.n && !ret->pid; i++) {
			struct search search = { sockets.items[i].inode, ret };

			if (sockets.items[i].port == port && search.inode &&
			    covers(&sockets.items[i].addr, addr))
				vnm_sockets_find_owners(note_owner, &search);
		}
	}
}

static void look(struct vnm_case *c, enum vnm_proto proto, const struct vnm_addr *addr,
		 uint16_t port)
{
	if (c->rival.port || !is_taken(proto, addr, port))
		return;
	c->rival.port = port;
	find_holder(proto, addr, port, &c->rival);
	if (c->rival.pid)
		return;
	/* Nobody has the socket: of a process that is about to end, it goes with it. */
	(void)vnm_poll_until(NULL, 0, vnm_now_ms() + vnm_patience_ms(END_MS));
	if (!is_taken(proto, addr, port))
		c->rival.port = 0;
}

/**
 * vnm_see_rival() - does another process have a port that an inactive network would need?
 * @c: the case; gets it as @rival
 */
void vnm_see_rival(struct vnm_case *c)
{
	static const struct vnm_addr any = { .family = AF_INET };

	if (!vnm_network_wants_dnsmasq(c->net))
		return;
	if (vnm_dhcp_has_range(c->net, AF_INET))
		look(c, VNM_PROTO_UDP, &any, DHCP_PORT);
	for (size_t i = 0; i < c->net->n_ips && vnm_network_dns_enabled(c->net); i++) {
		if (c->net->ips[i].address.family != AF_INET)
			continue;
		look(c, VNM_PROTO_UDP, &c->net->ips[i].address, DNS_PORT);
		look(c, VNM_PROTO_TCP, &c->net->ips[i].address, DNS_PORT);
	}
}
