/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * route_rule.c - the rules of policy routing that refuse packets (ip-rule(8): blackhole, unreachable, prohibit).
 *
 * The kernel does not say which rule has refused a packet: it is the first one that refuses, and matches it.
 */
#include "sys/trace/route_rule.h"

#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>

#include "sys/netlink/netlink.h"

/** struct search - @in: name of the incoming device, or NULL */
struct search {
	const struct vnm_route_question *question;
	const char *in;
	bool found;
	uint32_t preference;
};

static bool in_prefix(const struct nlattr *attr, int family, unsigned len,
		      const struct vnm_addr *addr)
{
	struct vnm_prefix prefix = { .len = len };

	vnm_nl_get_addr(attr, family, &prefix.addr);
	return !prefix.addr.family || (addr->family && vnm_prefix_contains(&prefix, addr));
}

static bool has_mark(struct nlattr *const *tb, uint32_t mark)
{
	uint32_t mask = tb[FRA_FWMASK] ? nla_get_u32(tb[FRA_FWMASK]) : UINT32_MAX;

	return !tb[FRA_FWMARK] || nla_get_u32(tb[FRA_FWMARK]) == (mark & mask);
}

static bool in_range(const struct nlattr *attr, uint16_t port)
{
	struct fib_rule_port_range range;

	if (!attr)
		return true;
	nla_memcpy(&range, attr, sizeof(range));
	return port >= range.start && port <= range.end;
}

static bool fits(const struct fib_rule_hdr *head, struct nlattr *const *tb,
		 const struct search *search)
{
	const struct vnm_route_question *question = search->question;
	const struct vnm_packet *packet = question->packet;
	const char *in = search->in ? search->in : "lo";

	return in_prefix(tb[FRA_SRC], head->family, head->src_len, &question->src) &&
	       in_prefix(tb[FRA_DST], head->family, head->dst_len, &question->dst) &&
	       (!tb[FRA_IIFNAME] || !strcmp(nla_get_string(tb[FRA_IIFNAME]), in)) &&
	       !tb[FRA_OIFNAME] && has_mark(tb, question->mark) &&
	       (!tb[FRA_IP_PROTO] || (packet && nla_get_u8(tb[FRA_IP_PROTO]) == packet->proto)) &&
	       in_range(tb[FRA_SPORT_RANGE], packet ? packet->sport : 0) &&
	       in_range(tb[FRA_DPORT_RANGE], packet ? packet->dport : 0) &&
	       !(head->flags & FIB_RULE_INVERT);
}

static int on_rule(const struct nlmsghdr *hdr, void *data)
{
	const struct fib_rule_hdr *head = nlmsg_data(hdr);
	struct nlattr *tb[FRA_MAX + 1];
	struct search *search = data;

	if (hdr->nlmsg_type != RTM_NEWRULE || search->found ||
	    (head->action != FR_ACT_BLACKHOLE && head->action != FR_ACT_UNREACHABLE &&
	     head->action != FR_ACT_PROHIBIT) ||
	    nlmsg_parse((struct nlmsghdr *)hdr, sizeof(*head), tb, FRA_MAX, NULL) < 0 ||
	    !fits(head, tb, search))
		return 0;
	search->found = true;
	search->preference = tb[FRA_PRIORITY] ? nla_get_u32(tb[FRA_PRIORITY]) : 0;
	return 0;
}

/**
 * vnm_route_refusal() - does a rule of policy routing refuse a packet?
 * @sys:            the handles
 * @question:       the packet
 * @in:             name of the device that it comes in by; NULL: the host sends it
 * @ret_preference: of the rule
 *
 * Return: whether there is one; false also when they cannot be read.
 */
bool vnm_route_refusal(struct vnm_sys *sys, const struct vnm_route_question *question,
		       const char *in, uint32_t *ret_preference)
{
	struct fib_rule_hdr head = { .family = (uint8_t)question->dst.family };
	struct search search = { .question = question, .in = in };
	vnm_autonl struct vnm_nl_req req = { 0 };

	vnm_nl_begin(&req, RTM_GETRULE, 0, &head, sizeof(head));
	if (vnm_nl_dump(sys, &req, &(struct vnm_nl_sink){ on_rule, NULL, &search }) < 0)
		return false;
	*ret_preference = search.preference;
	return search.found;
}
