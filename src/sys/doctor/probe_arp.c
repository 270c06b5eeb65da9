/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe_arp.c - who answers for an address on a bridge?
 *
 * The kernel's own resolution takes the first answer. So the requests are sent by a packet socket on the bridge, to which a frame of
 * the host's goes to all ports, and all answers are collected.
 */
#include "sys/doctor/probe_arp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util/mem.h"
#include "util/patience.h"
#include "util/proc.h"
#include "util/send.h"

#define WAIT_MS 400
#define OTHERS_MS 100 /* for a second answer, when each address has one */
#define TARGETS_MAX 512

/** struct arp - of IPv4 over Ethernet */
struct arp {
	uint16_t hrd, pro;
	uint8_t hln, pln;
	uint16_t op;
	uint8_t sha[ETH_ALEN], spa[4], tha[ETH_ALEN], tpa[4];
} __attribute__((packed));

static void add_target(struct vnm_case *c, const struct vnm_addr *addr)
{
	struct vnm_case_probes *probes = &c->probes;

	if (addr->family != AF_INET || !vnm_case_subnet_of(c, addr) || vnm_case_is_ours(c, addr) ||
	    probes->n_answers >= TARGETS_MAX)
		return;
	for (size_t i = 0; i < probes->n_answers; i++)
		if (vnm_addr_equal(&probes->answers[i].addr, addr))
			return;
	probes->answers =
		vnm_array_add(probes->answers, &probes->n_answers, sizeof(*probes->answers));
	probes->answers[probes->n_answers - 1] = (struct vnm_case_answer){ .addr = *addr };
}

/* The addresses of guests, as far as they are known, and those that ports are forwarded to. */
static void choose_targets(struct vnm_case *c)
{
	for (size_t i = 0; i < c->net->n_port_forwards; i++) {
		const struct vnm_forward_target target =
			vnm_port_forward_target(&c->net->port_forwards[i], 0);

		add_target(c, &target.address);
	}
	for (size_t i = 0; i < c->n_guests; i++)
		for (size_t k = 0; k < c->guests[i].stack.n_addresses; k++)
			add_target(c, &c->guests[i].stack.addresses[k].prefix.addr);
	for (size_t i = 0; i < c->n_neighbours; i++)
		if (c->neighbours[i].ifindex == c->link->fact.index)
			add_target(c, &c->neighbours[i].addr);
	for (size_t i = 0; i < c->n_leased; i++)
		add_target(c, &c->leased[i].addr);
}

static void ask(int fd, const struct vnm_case *c, const struct vnm_addr *addr)
{
	const struct vnm_ip *ip = vnm_case_subnet_of(c, addr);
	struct sockaddr_ll to = { .sll_family = AF_PACKET,
				  .sll_protocol = htons(ETH_P_ARP),
				  .sll_ifindex = c->link->fact.index,
				  .sll_halen = ETH_ALEN };
	struct arp arp = { .hrd = htons(ARPHRD_ETHER),
			   .pro = htons(ETH_P_IP),
			   .hln = ETH_ALEN,
			   .pln = 4,
			   .op = htons(ARPOP_REQUEST) };

	memset(to.sll_addr, 0xff, ETH_ALEN);
	memcpy(arp.sha, c->link->fact.mac.b, ETH_ALEN);
	memcpy(arp.spa, ip->address.b, 4);
	memcpy(arp.tpa, addr->b, 4);
	(void)vnm_send_to(fd, &arp, sizeof(arp), &to, sizeof(to));
}

static void note_answer(struct vnm_case_answer *answer, const struct arp *arp)
{
	struct vnm_mac mac = { .set = true };

	memcpy(mac.b, arp->sha, sizeof(mac.b));
	for (size_t i = 0; i < answer->n; i++)
		if (vnm_mac_equal(&answer->macs[i], &mac))
			return;
	if (answer->n < VNM_ARRAY_SIZE(answer->macs))
		answer->macs[answer->n++] = mac;
}

static void receive(int fd, struct vnm_case_probes *probes)
{
	struct arp arp;

	while (recv(fd, &arp, sizeof(arp), MSG_DONTWAIT) >= (ssize_t)sizeof(arp))
		for (size_t i = 0; i < probes->n_answers; i++)
			if (arp.op == htons(ARPOP_REPLY) &&
			    !memcmp(probes->answers[i].addr.b, arp.spa, sizeof(arp.spa)))
				note_answer(&probes->answers[i], &arp);
}

static bool all_answered(const struct vnm_case_probes *probes)
{
	for (size_t i = 0; i < probes->n_answers; i++)
		if (probes->answers[i].n == 0 && probes->answers[i].addr.family == AF_INET)
			return false;
	return true;
}

/**
 * vnm_probe_arp() - ask for all addresses of the network that are known
 * @c: the case; gets the answers. Best effort
 */
void vnm_probe_arp(struct vnm_case *c)
{
	const struct sockaddr_ll on = { .sll_family = AF_PACKET,
					.sll_protocol = htons(ETH_P_ARP),
					.sll_ifindex = c->link ? c->link->fact.index : 0 };
	vnm_autoclose int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, htons(ETH_P_ARP));
	int64_t deadline = vnm_now_ms() + vnm_patience_ms(WAIT_MS);
	bool all = false;

	if (fd < 0 || !c->link || bind(fd, (const struct sockaddr *)&on, sizeof(on)) < 0)
		return;
	choose_targets(c);
	for (size_t i = 0; i < c->probes.n_answers; i++)
		if (c->probes.answers[i].addr.family == AF_INET)
			ask(fd, c, &c->probes.answers[i].addr);
	while (c->probes.n_answers > 0 && vnm_now_ms() < deadline) {
		struct pollfd news = { fd, POLLIN, 0 };

		(void)vnm_poll_until(&news, 1, deadline);
		receive(fd, &c->probes);
		if (!all && all_answered(&c->probes)) {
			all = true;
			deadline = vnm_now_ms() + vnm_patience_ms(OTHERS_MS);
		}
	}
}
