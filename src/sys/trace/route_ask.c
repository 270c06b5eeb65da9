/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * route_ask.c - ask the kernel where it would route a packet to (rtnetlink(7), RTM_GETROUTE).
 *
 * With an incoming device the kernel takes the way of a packet that comes in: whether it forwards, checks sources against
 * routes (rp_filter), and refuses impossible addresses. Its refusal is the answer.
 */
#include "sys/trace/route_ask.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>
#include <sys/socket.h>

#include "sys/netlink/netlink.h"
#include "util/mem.h"

/* Missing in headers older than Linux 4.11. */
#define FIB_MATCH 0x2000u

static void put_addr(struct vnm_nl_req *req, int attr, const struct vnm_addr *addr)
{
	vnm_nl_put(req, attr, addr->b, vnm_addr_bits(addr->family) / 8);
}

static void put_ports(struct vnm_nl_req *req, const struct vnm_packet *packet)
{
	uint16_t sport = htons(packet->sport), dport = htons(packet->dport);

	vnm_nl_put_u8(req, RTA_IP_PROTO, packet->proto);
	if (packet->proto != IPPROTO_TCP && packet->proto != IPPROTO_UDP)
		return;
	vnm_nl_put(req, RTA_SPORT, &sport, sizeof(sport));
	vnm_nl_put(req, RTA_DPORT, &dport, sizeof(dport));
}

static int on_route(const struct nlmsghdr *hdr, void *data)
{
	struct rtmsg *head = nlmsg_data(hdr);
	struct vnm_route_answer *answer = data;
	struct nlattr *tb[RTA_MAX + 1];

	if (hdr->nlmsg_type != RTM_NEWROUTE)
		return 0;
	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(*head), tb, RTA_MAX, NULL) < 0)
		return -EPROTO;
	answer->type = head->rtm_type;
	answer->table = tb[RTA_TABLE] ? nla_get_u32(tb[RTA_TABLE]) : head->rtm_table;
	if (tb[RTA_OIF])
		answer->out = (int)nla_get_u32(tb[RTA_OIF]);
	vnm_nl_get_addr(tb[RTA_GATEWAY], head->rtm_family, &answer->gateway);
	vnm_nl_get_addr(tb[RTA_PREFSRC], head->rtm_family, &answer->src);
	vnm_nl_get_addr(tb[RTA_DST], head->rtm_family, &answer->prefix.addr);
	answer->prefix.addr.family = head->rtm_family;
	answer->prefix.len = head->rtm_dst_len;
	return 0;
}

static int ask(struct vnm_sys *sys, const struct vnm_route_question *question, unsigned flags,
	       struct vnm_route_answer *ret)
{
	unsigned bits = vnm_addr_bits(question->dst.family);
	struct rtmsg head = {
		.rtm_family = (uint8_t)question->dst.family,
		.rtm_dst_len = (uint8_t)bits,
		.rtm_src_len = question->src.family ? (uint8_t)bits : 0,
		/* IPv6 says it in any case, and refuses the flag. */
		.rtm_flags = flags | (question->dst.family == AF_INET ? RTM_F_LOOKUP_TABLE : 0),
	};
	vnm_autonl struct vnm_nl_req req = { 0 };

	vnm_nl_begin(&req, RTM_GETROUTE, 0, &head, sizeof(head));
	put_addr(&req, RTA_DST, &question->dst);
	if (question->src.family)
		put_addr(&req, RTA_SRC, &question->src);
	if (question->in)
		vnm_nl_put_u32(&req, RTA_IIF, (uint32_t)question->in);
	if (question->mark)
		vnm_nl_put_u32(&req, RTA_MARK, question->mark);
	if (question->packet)
		put_ports(&req, question->packet);
	return vnm_nl_do(sys, &req, &(struct vnm_nl_sink){ .each = on_route, .data = ret });
}

/* Of an error: is it the decision, and not that there is none? */
static bool is_decision(int r)
{
	return r == -ENETUNREACH || r == -EHOSTUNREACH || r == -EINVAL || r == -EACCES ||
	       r == -ENETDOWN || r == -ENODEV || r == -ESRCH;
}

/* Of IPv6 the answer may be a route that says so. */
static int error_of(uint8_t type)
{
	switch (type) {
	case RTN_BLACKHOLE: return -EINVAL;
	case RTN_UNREACHABLE: return -EHOSTUNREACH;
	case RTN_PROHIBIT: return -EACCES;
	default: return 0;
	}
}

/**
 * vnm_route_ask() - where would the kernel route a packet to?
 * @sys:      the handles
 * @question: the packet
 * @ret:      the decision
 *
 * Return: 0, also when the decision is to refuse; -errno when there is no answer.
 */
int vnm_route_ask(struct vnm_sys *sys, const struct vnm_route_question *question,
		  struct vnm_route_answer *ret)
{
	struct vnm_route_answer match = { 0 };
	int r;

	*ret = (struct vnm_route_answer){ 0 };
	r = ask(sys, question, 0, ret);
	/* Once more: it may have been an error of the request itself. */
	if (r < 0 && is_decision(r))
		r = ask(sys, question, 0, ret);
	if (r < 0 && !is_decision(r))
		return r;
	ret->error = r < 0 ? r : error_of(ret->type);
	if (ret->error < 0)
		return 0;
	/* The route itself, which the answer about one address does not say. */
	if (ask(sys, question, FIB_MATCH, &match) == 0)
		ret->prefix = match.prefix;
	return 0;
}
