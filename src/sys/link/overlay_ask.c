/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * overlay_ask.c - ask the other hosts of an overlay who has an address.
 *
 * By a packet socket on the VXLAN device: what is sent there goes to the other hosts only, and all answers are seen, not the first one
 * alone. Nobody has the MAC address that they are sent to.
 */
#include "sys/link/overlay_ask.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/link/resolve_frame.h"
#include "util/mem.h"
#include "util/poll.h"
#include "util/send.h"

#include <linux/if_ether.h>
#include <linux/if_packet.h>

#define TRIES 2

static bool is_asked(const struct vnm_overlay_question *question, const struct vnm_addr *addr)
{
	for (size_t i = 0; i < question->n_addrs; i++)
		if (vnm_addr_equal(&question->addrs[i], addr))
			return true;
	return false;
}

static bool has_answer(const struct vnm_overlay_sight *sight, const struct vnm_addr *addr,
		       const struct vnm_mac *mac)
{
	for (size_t i = 0; i < sight->n_answers; i++)
		if (vnm_mac_equal(&sight->answers[i].mac, mac) &&
		    (!addr || vnm_addr_equal(&sight->answers[i].addr, addr)))
			return true;
	return false;
}

static bool have_all(const struct vnm_overlay_question *question,
		     const struct vnm_overlay_sight *sight)
{
	for (size_t i = 0; i < question->n_expects; i++)
		if (!has_answer(sight, NULL, &question->expects[i]))
			return false;
	return true;
}

static void receive(int fd, const struct vnm_overlay_question *question,
		    struct vnm_overlay_sight *sight)
{
	uint8_t frame[VNM_RESOLVE_FRAME_MAX];
	struct vnm_overlay_answer answer = { 0 };
	struct sockaddr_ll from = { 0 };
	socklen_t len = sizeof(from);
	ssize_t n;

	while ((n = recvfrom(fd, frame, sizeof(frame), MSG_DONTWAIT, (struct sockaddr *)&from,
			     &len)) > 0) {
		if (from.sll_pkttype == PACKET_OUTGOING ||
		    !vnm_frame_answer(frame, (size_t)n, &answer.addr, &answer.mac) ||
		    !is_asked(question, &answer.addr) ||
		    has_answer(sight, &answer.addr, &answer.mac))
			continue;
		sight->answers =
			vnm_array_add(sight->answers, &sight->n_answers, sizeof(*sight->answers));
		sight->answers[sight->n_answers - 1] = answer;
	}
}

static void await(int fd, const struct vnm_overlay_question *question, int wait_ms,
		  struct vnm_overlay_sight *sight)
{
	int64_t deadline = vnm_now_ms() + wait_ms;
	struct pollfd news = { fd, POLLIN, 0 };
	bool all = have_all(question, sight);

	if (all)
		deadline = vnm_now_ms() + question->more_ms;
	while (vnm_poll_until(&news, 1, deadline) > 0) {
		receive(fd, question, sight);
		if (!all && have_all(question, sight)) {
			all = true;
			deadline = vnm_now_ms() + question->more_ms;
		}
	}
}

static void send_all(int fd, int ifindex, const struct vnm_overlay_question *question)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET,
				  .sll_ifindex = ifindex,
				  .sll_halen = ETH_ALEN };
	uint8_t frame[VNM_RESOLVE_FRAME_MAX];

	for (size_t i = 0; i < question->n_addrs; i++) {
		size_t len =
			vnm_frame_ask(frame, &question->mac, &question->mac, &question->addrs[i]);

		(void)vnm_send_to(fd, frame, len, &to, sizeof(to));
	}
}

/**
 * vnm_overlay_ask() - ask
 * @ifindex:  of the VXLAN device
 * @question: what
 * @sight:    gets the answers, of which the hosts are not known yet
 *
 * Return: 0 or -errno.
 */
int vnm_overlay_ask(int ifindex, const struct vnm_overlay_question *question,
		    struct vnm_overlay_sight *sight)
{
	const struct sockaddr_ll on = { .sll_family = AF_PACKET,
					.sll_protocol = htons(ETH_P_ALL),
					.sll_ifindex = ifindex };
	vnm_autoclose int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (const struct sockaddr *)&on, sizeof(on)) < 0)
		return -errno;
	for (int i = 0; i < TRIES && (i == 0 || !have_all(question, sight)); i++) {
		send_all(fd, ifindex, question);
		await(fd, question, question->wait_ms / TRIES, sight);
	}
	return 0;
}
