/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * uplink_move.c - move what one device holds to another: the steps of a batch. Routes are in uplink_route.c.
 *
 * A message dumped by the kernel is nearly a request. To be changed: the device's index and name; lifetimes, which have
 * run on; and flags that report a state and cannot be set. IPv6 addresses skip duplicate address detection: the host
 * had them until now.
 */
#include "sys/uplink/uplink_move.h"

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "util/mem.h"

#define FOREVER UINT32_MAX
#define ROOM 256 /* bytes that a message may grow by */

/** vnm_uptime() - seconds since the boot, including suspend. */
uint32_t vnm_uptime(void)
{
	struct timespec now = { 0 };

	(void)clock_gettime(CLOCK_BOOTTIME, &now);
	return (uint32_t)now.tv_sec;
}

/** vnm_move_parse() - one item of a list, @len digits; NULL: no message with a header of @head bytes. free() */
struct nlmsghdr *vnm_move_parse(const char *hex, size_t len, size_t head)
{
	unsigned char *bytes = vnm_alloc(len / 2 + NLMSG_HDRLEN);
	struct nlmsghdr *hdr = (struct nlmsghdr *)bytes;
	bool good = len % 2 == 0 && len / 2 >= NLMSG_HDRLEN + head;

	for (size_t i = 0; good && i < len / 2; i++) {
		int high = vnm_hex_value(hex[2 * i]), low = vnm_hex_value(hex[2 * i + 1]);

		good = high >= 0 && low >= 0;
		bytes[i] = (unsigned char)(high * 16 + low);
	}
	if (good && hdr->nlmsg_len == len / 2)
		return hdr;
	free(bytes);
	return NULL;
}

/**
 * vnm_move_each() - add the steps for each message of a list
 * @list:      see struct vnm_interface_state; NULL: none
 * @head:      the size of such a message's header
 * @backwards: the last one first
 * @add:       adds the steps for one message
 * @batch:     gets the steps
 * @move:      from where to where
 * @half:      which half of it
 *
 * Return: false when the list is damaged.
 */
bool vnm_move_each(const char *list, size_t head, bool backwards, vnm_move_fn *add,
		   struct vnm_nl_batch *batch, const struct vnm_move *move, enum vnm_half half)
{
	const char *end = list ? list + strlen(list) : NULL, *at = backwards ? end : list;

	while (list && *list && (backwards ? at > list : at < end)) {
		vnm_autofree struct nlmsghdr *hdr = NULL;
		const char *first = at;
		size_t len;

		while (backwards && first > list && first[-1] != ',')
			first--;
		len = strcspn(first, ",");
		hdr = vnm_move_parse(first, len, head);
		if (!hdr)
			return false;
		add(batch, move, half, hdr);
		at = backwards ? (first > list ? first - 1 : list) : first + len + 1;
	}
	return true;
}

/** vnm_move_place() - the device that @half of @move changes */
const struct vnm_place *vnm_move_place(const struct vnm_move *move, enum vnm_half half)
{
	return half == VNM_HALF_GIVE ? &move->to : &move->from;
}

/** vnm_move_begin() - a request with only a header, @head of @len bytes, and room for all of @hdr */
void vnm_move_begin(struct vnm_nl_req *req, const struct nlmsghdr *hdr, int type, int flags,
		    const void *head, size_t len)
{
	req->extack[0] = '\0';
	req->msg = nlmsg_alloc_size(hdr->nlmsg_len + ROOM);
	if (!req->msg || !nlmsg_put(req->msg, NL_AUTO_PID, NL_AUTO_SEQ, type, 0, flags) ||
	    nlmsg_append(req->msg, (void *)head, len, NLMSG_ALIGNTO) < 0)
		vnm_oom();
}

/** vnm_move_left_of() - seconds left of @life after @elapsed; 0: none */
uint32_t vnm_move_left_of(uint32_t life, uint32_t elapsed)
{
	return life == FOREVER ? life : life > elapsed ? life - elapsed : 0;
}

/* A bit for the addresses and for the routes of each family. */
#define KIND(family, route) (1u << ((family) == AF_INET6) << ((route) ? 2 : 0))

static unsigned kind_of_address(struct nlmsghdr *hdr)
{
	const struct ifaddrmsg *head = nlmsg_data(hdr);
	bool lasts = head->ifa_family == AF_INET || head->ifa_flags & IFA_F_PERMANENT;

	return lasts && head->ifa_scope < RT_SCOPE_LINK ? KIND(head->ifa_family, false) : 0;
}

static unsigned kind_of_route(struct nlmsghdr *hdr)
{
	const struct rtmsg *head = nlmsg_data(hdr);

	return head->rtm_protocol == RTPROT_RA ? 0 : KIND(head->rtm_family, true);
}

static unsigned kinds_of(const char *list, size_t head, unsigned (*kind_of)(struct nlmsghdr *hdr))
{
	unsigned kinds = 0;

	while (list && *list) {
		size_t len = strcspn(list, ",");
		vnm_autofree struct nlmsghdr *hdr = vnm_move_parse(list, len, head);

		if (hdr)
			kinds |= kind_of(hdr);
		list += len + (list[len] == ',');
	}
	return kinds;
}

/**
 * vnm_move_kinds() - which kinds are present: addresses, routes, of either family
 * @addresses: see struct vnm_interface_state; NULL: none
 * @routes:    the same
 *
 * A link that is set down loses all routes and its IPv6 addresses; replacing one by another leaves its kind present.
 * Those learnt from router advertisements do not count.
 *
 * Return: bits, to be compared with those of another device.
 */
unsigned vnm_move_kinds(const char *addresses, const char *routes)
{
	return kinds_of(addresses, sizeof(struct ifaddrmsg), kind_of_address) |
	       kinds_of(routes, sizeof(struct rtmsg), kind_of_route);
}

/* ---- addresses ---- */

static void put_lifetime(struct vnm_nl_req *req, const struct nlattr *attr, uint32_t elapsed)
{
	struct ifa_cacheinfo life = { 0 };

	memcpy(&life, nla_data(attr), sizeof(life));
	life.ifa_valid = vnm_move_left_of(life.ifa_valid, elapsed);
	life.ifa_prefered = vnm_move_left_of(life.ifa_prefered, elapsed);
	vnm_nl_put(req, IFA_CACHEINFO, &life, sizeof(life));
}

/* "eth0:1" becomes "br0:1", if that fits; a label that is the device's name is left out. */
static void put_label(struct vnm_nl_req *req, const char *label, const struct vnm_move *move)
{
	char text[2 * IFNAMSIZ];
	const char *alias = strchr(label, ':');

	snprintf(text, sizeof(text), "%s%s", move->to.name, alias ? alias : "");
	if (strlen(text) >= IFNAMSIZ)
		snprintf(text, sizeof(text), "%s", move->to.name);
	vnm_nl_put_str(req, IFA_LABEL, text);
}

static bool address_is_over(const struct nlmsghdr *hdr, uint32_t elapsed)
{
	const struct nlattr *attr =
		nlmsg_find_attr((struct nlmsghdr *)hdr, sizeof(struct ifaddrmsg), IFA_CACHEINFO);
	struct ifa_cacheinfo life;

	if (!attr || nla_len(attr) < (int)sizeof(life))
		return false;
	memcpy(&life, nla_data(attr), sizeof(life));
	return vnm_move_left_of(life.ifa_valid, elapsed) == 0;
}

static uint32_t address_flags(uint32_t flags, int family)
{
	flags &= IFA_F_NOPREFIXROUTE | IFA_F_HOMEADDRESS | IFA_F_MCAUTOJOIN;
	return family == AF_INET6 ? flags | IFA_F_NODAD : flags;
}

static void put_address(struct vnm_nl_req *req, struct nlattr *attr, const struct ifaddrmsg *head,
			const struct vnm_move *move, enum vnm_half half)
{
	bool give = half == VNM_HALF_GIVE;

	switch (nla_type(attr)) {
	case IFA_ADDRESS:
	case IFA_LOCAL:
		vnm_nl_put(req, nla_type(attr), nla_data(attr), (size_t)nla_len(attr));
		break;
	case IFA_BROADCAST:
	case IFA_RT_PRIORITY:
	case IFA_PROTO:
		if (give)
			vnm_nl_put(req, nla_type(attr), nla_data(attr), (size_t)nla_len(attr));
		break;
	case IFA_CACHEINFO:
		if (give)
			put_lifetime(req, attr, move->elapsed);
		break;
	case IFA_LABEL:
		if (give)
			put_label(req, nla_get_string(attr), move);
		break;
	case IFA_FLAGS:
		if (give)
			vnm_nl_put_u32(req, IFA_FLAGS,
				       address_flags(nla_get_u32(attr), head->ifa_family));
		break;
	default: break;
	}
}

static void add_address(struct vnm_nl_batch *batch, const struct vnm_move *move, enum vnm_half half,
			struct nlmsghdr *hdr)
{
	bool give = half == VNM_HALF_GIVE;
	struct ifaddrmsg head = *(struct ifaddrmsg *)nlmsg_data(hdr);
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct nlattr *attr;
	int left;

	if (give && address_is_over(hdr, move->elapsed))
		return;
	head.ifa_index = (unsigned)vnm_move_place(move, half)->ifindex;
	head.ifa_flags = (uint8_t)address_flags(head.ifa_flags, head.ifa_family);
	vnm_move_begin(&req, hdr, give ? RTM_NEWADDR : RTM_DELADDR,
		       give ? NLM_F_CREATE | NLM_F_REPLACE : 0, &head, sizeof(head));
	nlmsg_for_each_attr(attr, hdr, sizeof(head), left)
		put_address(&req, attr, &head, move, half);
	vnm_nl_batch_add(batch, &req, give ? VNM_MOVE_ADDRESS : VNM_MOVE_LEFT);
}

static void add_ipv4(struct vnm_nl_batch *batch, const struct vnm_move *move, enum vnm_half half,
		     struct nlmsghdr *hdr)
{
	if (((struct ifaddrmsg *)nlmsg_data(hdr))->ifa_family == AF_INET)
		add_address(batch, move, half, hdr);
}

static void add_ipv6(struct vnm_nl_batch *batch, const struct vnm_move *move, enum vnm_half half,
		     struct nlmsghdr *hdr)
{
	if (((struct ifaddrmsg *)nlmsg_data(hdr))->ifa_family == AF_INET6)
		add_address(batch, move, half, hdr);
}

/**
 * vnm_move_addresses() - the steps for a device's addresses
 * @batch: gets the steps
 * @move:  from where to where
 * @half:  which half of it
 * @list:  the addresses, see struct vnm_interface_state; NULL: none
 *
 * The order is kept: the first IPv4 address in a subnet is the primary one; the kernel puts a new IPv6 address in front
 * of the others, so these are added in reverse.
 *
 * Return: false when the list is damaged.
 */
bool vnm_move_addresses(struct vnm_nl_batch *batch, const struct vnm_move *move, enum vnm_half half,
			const char *list)
{
	return vnm_move_each(list, sizeof(struct ifaddrmsg), false, add_ipv4, batch, move, half) &&
	       vnm_move_each(list, sizeof(struct ifaddrmsg), true, add_ipv6, batch, move, half);
}

/* ---- neighbours ---- */

static void add_neighbour(struct vnm_nl_batch *batch, const struct vnm_move *move,
			  enum vnm_half half, struct nlmsghdr *hdr)
{
	bool give = half == VNM_HALF_GIVE;
	struct ndmsg head = *(struct ndmsg *)nlmsg_data(hdr);
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct nlattr *attr;
	int left;

	head.ndm_ifindex = vnm_move_place(move, half)->ifindex;
	if (!(head.ndm_state & NUD_PERMANENT))
		head.ndm_state = NUD_STALE; /* usable at once, and probed again */
	head.ndm_flags &= NTF_PROXY | NTF_ROUTER;
	vnm_move_begin(&req, hdr, give ? RTM_NEWNEIGH : RTM_DELNEIGH,
		       give ? NLM_F_CREATE | NLM_F_REPLACE : 0, &head, sizeof(head));
	nlmsg_for_each_attr(attr, hdr, sizeof(head),
			    left) if (nla_type(attr) == NDA_DST || nla_type(attr) == NDA_LLADDR)
		vnm_nl_put(&req, nla_type(attr), nla_data(attr), (size_t)nla_len(attr));
	vnm_nl_batch_add(batch, &req, give ? VNM_MOVE_NEIGHBOUR : VNM_MOVE_LEFT);
}

/** vnm_move_neighbours() - the steps for a device's neighbours; arguments and return value as vnm_move_addresses() */
bool vnm_move_neighbours(struct vnm_nl_batch *batch, const struct vnm_move *move,
			 enum vnm_half half, const char *list)
{
	return vnm_move_each(list, sizeof(struct ndmsg), false, add_neighbour, batch, move, half);
}
