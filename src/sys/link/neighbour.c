/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * neighbour.c - is anybody at an address?
 *
 * The kernel probes: we delete its entry and make it resolve the neighbour again. So the probe has the host's own
 * addresses, is ARP or neighbour discovery by family, and its result is the state of the entry. Only an answer makes
 * that "reachable" (kernel net/core/neighbour.c).
 */
#include "sys/link/neighbour.h"

#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/link/link.h"
#include "sys/link/link_traffic.h"
#include "sys/netlink/netlink.h"
#include "util/mem.h"
#include "util/poll.h"

#define FULL_MS 50 /* between two attempts to get room in the table */

/* In these states the neighbour has answered, or sent a request itself. */
#define ALIVE (NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE)

static void begin_entry(struct vnm_nl_req *req, int type, int flags, int ifindex,
			const struct vnm_addr *addr, uint8_t use)
{
	struct ndmsg head = {
		.ndm_family = (uint8_t)addr->family,
		.ndm_ifindex = ifindex,
		.ndm_flags = use,
	};

	vnm_nl_begin(req, type, flags, &head, sizeof(head));
	vnm_nl_put(req, NDA_DST, addr->b, vnm_addr_bits(addr->family) / 8);
}

/** struct seen - an entry of the kernel's neighbour table. */
struct seen {
	uint16_t state;
	struct vnm_mac mac;
};

static int parse_state(const struct nlmsghdr *hdr, void *data)
{
	const struct ndmsg *head = nlmsg_data(hdr);
	struct nlattr *tb[NDA_MAX + 1];
	struct seen *seen = data;

	if (hdr->nlmsg_type != RTM_NEWNEIGH)
		return 0;
	seen->state = head->ndm_state;
	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(*head), tb, NDA_MAX, NULL) < 0 ||
	    !tb[NDA_LLADDR] || nla_len(tb[NDA_LLADDR]) != (int)sizeof(seen->mac.b))
		return 0;
	seen->mac.set = true;
	memcpy(seen->mac.b, nla_data(tb[NDA_LLADDR]), sizeof(seen->mac.b));
	return 0;
}

/**
 * vnm_neighbour_state() - the kernel's state of a neighbour
 * @sys:     the handles
 * @ifindex: the device that leads there
 * @addr:    the address
 * @ret_mac: its MAC address, if the kernel has one; or NULL
 *
 * Return: NUD_* of linux/neighbour.h; NUD_NONE without an entry.
 */
uint16_t vnm_neighbour_state(struct vnm_sys *sys, int ifindex, const struct vnm_addr *addr,
			     struct vnm_mac *ret_mac)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct seen seen = { .state = NUD_NONE };

	begin_entry(&req, RTM_GETNEIGH, 0, ifindex, addr, 0);
	if (vnm_nl_do(sys, &req, &(struct vnm_nl_sink){ .each = parse_state, .data = &seen }) < 0)
		return NUD_NONE;
	if (ret_mac)
		*ret_mac = seen.mac;
	return seen.state;
}

static void drop(struct vnm_sys *sys, int ifindex, const struct vnm_addr *addr)
{
	vnm_autonl struct vnm_nl_req req = { 0 };

	begin_entry(&req, RTM_DELNEIGH, 0, ifindex, addr, 0);
	(void)vnm_nl_do(sys, &req, NULL);
}

/**
 * vnm_neighbour_ask() - probe an address
 * @sys:     the handles
 * @ifindex: the device that leads there
 * @addr:    the address
 *
 * The kernel sends three probes, a second apart (net.ipv4.neigh.DEV.mcast_solicit). A permanent entry is the
 * administrator's: it is not deleted, and its address is not probed.
 *
 * Return: 0 or -errno.
 */
int vnm_neighbour_ask(struct vnm_sys *sys, int ifindex, const struct vnm_addr *addr)
{
	vnm_autonl struct vnm_nl_req use = { 0 };

	if (vnm_neighbour_state(sys, ifindex, addr, NULL) & NUD_PERMANENT)
		return 0;
	drop(sys, ifindex, addr);
	begin_entry(&use, RTM_NEWNEIGH, NLM_F_CREATE, ifindex, addr, NTF_USE);
	return vnm_nl_do(sys, &use, NULL);
}

/**
 * vnm_neighbours_watch() - subscribe to changes of neighbours' states
 *
 * Return: a descriptor that becomes readable then, to be read until it is empty; or -errno.
 */
int vnm_neighbours_watch(void)
{
	const struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = RTMGRP_NEIGH };
	vnm_autoclose int fd =
		socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);

	if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
		return -errno;
	return vnm_steal_fd(&fd);
}

static void drain(int fd)
{
	char buf[4096];

	while (read(fd, buf, sizeof(buf)) > 0)
		;
}

/* How many may still answer: of those that have failed, the kernel sends no other probe. */
static size_t count_unanswered(struct vnm_sys *sys, int ifindex, struct vnm_probe *probes, size_t n)
{
	size_t missing = 0;

	for (size_t i = 0; i < n; i++) {
		struct vnm_probe *probe = &probes[i];
		const uint16_t state =
			probe->answered
				? NUD_REACHABLE
				: vnm_neighbour_state(sys, ifindex, &probe->addr, &probe->mac);

		probe->answered = state & ALIVE;
		missing += !probe->answered && !(state & NUD_FAILED);
	}
	return missing;
}

/* The kernel's table of neighbours is one for all of the host: where it is full, old entries go with time. */
static int ask_for_room(struct vnm_sys *sys, int ifindex, const struct vnm_addr *addr,
			int64_t deadline)
{
	int r = vnm_neighbour_ask(sys, ifindex, addr);

	while (r == -ENOBUFS && vnm_now_ms() < deadline) {
		(void)vnm_poll_until(NULL, 0, vnm_now_ms() + FULL_MS);
		r = vnm_neighbour_ask(sys, ifindex, addr);
	}
	return r;
}

/**
 * vnm_neighbours_probe() - probe several addresses
 * @sys:    the handles
 * @dev:    the device that leads there
 * @probes: the addresses; gets who answered
 * @n:      how many
 * @ms:     how long to wait for an answer, in milliseconds; less when all have answered
 *
 * On a device without a carrier, such as a bridge without ports, nothing is sent.
 *
 * Return: 0 or -errno; -ENOBUFS: the kernel's table of neighbours is full.
 */
int vnm_neighbours_probe(struct vnm_sys *sys, const char *dev, struct vnm_probe *probes, size_t n,
			 unsigned ms)
{
	const int64_t deadline = vnm_now_ms() + ms;
	vnm_autoclose int fd = -1;
	struct vnm_traffic traffic;
	struct vnm_link link;
	int r = n > 0 ? vnm_link_traffic(sys, dev, &traffic) : 0;

	if (r < 0 || n == 0 || !traffic.carrier)
		return r;
	r = vnm_link_read(sys, dev, &link);
	if (r == 0)
		r = fd = vnm_neighbours_watch();
	for (size_t i = 0; r >= 0 && i < n; i++)
		r = ask_for_room(sys, link.fact.index, &probes[i].addr, deadline);
	while (r >= 0 && count_unanswered(sys, link.fact.index, probes, n) > 0) {
		struct pollfd news = { fd, POLLIN, 0 };

		r = vnm_poll_until(&news, 1, deadline);
		if (r == 0)
			break;
		drain(fd);
	}
	/* A pending entry would delay whoever takes the address next. */
	for (size_t i = 0; fd >= 0 && i < n; i++)
		if (!probes[i].answered)
			drop(sys, link.fact.index, &probes[i].addr);
	return r < 0 ? r : 0;
}
