/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * routing_rule.c - rules of ip-rule(8).
 *
 * The kernel has no owner for them, and refuses a second one that is equal. So one that is equal to ours is ours: its preference,
 * subnet and device together are nobody else's.
 */
#include "sys/op_impl.h"

#include <errno.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>
#include <sys/socket.h>

#include "sys/netlink/netlink.h"

#include <linux/fib_rules.h>

static void put_prefix(struct vnm_nl_req *req, int attr, const struct vnm_prefix *prefix)
{
	const struct vnm_addr first = vnm_prefix_first(prefix);

	if (prefix->addr.family != AF_UNSPEC)
		vnm_nl_put(req, attr, first.b, vnm_addr_bits(prefix->addr.family) / 8);
}

static uint8_t prefix_len(const struct vnm_prefix *prefix)
{
	return prefix->addr.family == AF_UNSPEC ? 0 : (uint8_t)prefix->len;
}

/* A table of 0: nothing is routed. */
static void begin(struct vnm_nl_req *req, int type, int flags,
		  const struct vnm_op_routing_rule *rule)
{
	struct fib_rule_hdr head = {
		.family = (uint8_t)rule->family,
		.dst_len = prefix_len(&rule->to),
		.src_len = prefix_len(&rule->from),
		.action = rule->table ? FR_ACT_TO_TBL : FR_ACT_UNREACHABLE,
	};

	vnm_nl_begin(req, type, flags, &head, sizeof(head));
	put_prefix(req, FRA_SRC, &rule->from);
	put_prefix(req, FRA_DST, &rule->to);
	vnm_nl_put_u32(req, FRA_PRIORITY, rule->pref);
	if (rule->in)
		vnm_nl_put_str(req, FRA_IIFNAME, rule->in);
	if (rule->mark)
		vnm_nl_put_u32(req, FRA_FWMARK, rule->mark);
	if (rule->table)
		vnm_nl_put_u32(req, FRA_TABLE, rule->table);
}

static bool same_prefix(const struct nlattr *attr, uint8_t len, const struct vnm_prefix *want)
{
	struct vnm_addr addr = { 0 }, first;

	if (len != prefix_len(want) || want->addr.family == AF_UNSPEC)
		return len == prefix_len(want);
	first = vnm_prefix_first(want);
	if (attr)
		vnm_nl_get_addr(attr, want->addr.family, &addr);
	return vnm_addr_equal(&addr, &first);
}

static bool same_number(const struct nlattr *attr, uint32_t want)
{
	return (attr ? nla_get_u32(attr) : 0) == want;
}

static bool same_text(const struct nlattr *attr, const char *want)
{
	return attr ? want && nla_strcmp(attr, want) == 0 : !want;
}

/** struct search - for a rule. */
struct search {
	const struct vnm_op_routing_rule *want;
	bool found;
};

static int search_one(const struct nlmsghdr *hdr, void *data)
{
	const struct fib_rule_hdr *head = nlmsg_data(hdr);
	struct search *search = data;
	const struct vnm_op_routing_rule *want = search->want;
	struct nlattr *tb[FRA_MAX + 1];

	if (hdr->nlmsg_type != RTM_NEWRULE || nlmsg_datalen(hdr) < (int)sizeof(*head) ||
	    head->family != want->family)
		return 0;
	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(*head), tb, FRA_MAX, NULL) < 0)
		return -EPROTO;
	search->found |= head->action == (want->table ? FR_ACT_TO_TBL : FR_ACT_UNREACHABLE) &&
			 same_number(tb[FRA_PRIORITY], want->pref) &&
			 same_number(tb[FRA_TABLE], want->table) &&
			 same_number(tb[FRA_FWMARK], want->mark) &&
			 same_text(tb[FRA_IIFNAME], want->in) && !tb[FRA_OIFNAME] &&
			 same_prefix(tb[FRA_SRC], head->src_len, &want->from) &&
			 same_prefix(tb[FRA_DST], head->dst_len, &want->to);
	return 0;
}

static void search_again(void *data)
{
	((struct search *)data)->found = false;
}

static int fail(const struct vnm_op *op, int r, const struct vnm_nl_req *req, const char *what,
		struct vnm_error *err)
{
	return vnm_nl_fail(err, r, req, "cannot %s the routing rule with preference %u", what,
			   op->routing_rule.pref);
}

static int routing_rule_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	begin(&req, RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, &op->routing_rule);
	r = vnm_nl_do(sys, &req, NULL);
	return r < 0 && r != -EEXIST ? fail(op, r, &req, "add", err) : 0;
}

static int routing_rule_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
			      struct vnm_error *err)
{
	struct fib_rule_hdr head = { .family = (uint8_t)op->routing_rule.family };
	struct search search = { .want = &op->routing_rule };
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	vnm_nl_begin(&req, RTM_GETRULE, 0, &head, sizeof(head));
	r = vnm_nl_dump(sys, &req, &(struct vnm_nl_sink){ search_one, search_again, &search });
	*ret = search.found ? VNM_PRESENT : VNM_ABSENT;
	if (r == 0 || r == -EAFNOSUPPORT || r == -EOPNOTSUPP)
		return 0;
	return fail(op, r, NULL, "look for", err);
}

/* Absent, or in a kernel without IPv6. */
static int routing_rule_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	begin(&req, RTM_DELRULE, 0, &op->routing_rule);
	r = vnm_nl_do(sys, &req, NULL);
	if (r == 0 || r == -ENOENT || r == -ESRCH || r == -EAFNOSUPPORT || r == -EOPNOTSUPP)
		return 0;
	return fail(op, r, &req, "delete", err);
}

const struct vnm_op_impl vnm_impl_routing_rule = {
	.apply = routing_rule_apply,
	.check = routing_rule_check,
	.revert = routing_rule_revert,
};
