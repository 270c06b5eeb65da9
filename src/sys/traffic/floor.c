/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * floor.c - what one guest is sure of, of what its network lets in.
 *
 * A class beside the one of all others, in the HTB at the bridge's root (sys/traffic/shape.c), and a filter that sends what is
 * for the guest's MAC address to it. The HTB is ours, and with it all that hangs there: the class is known by its
 * number, the filter by the same number as its preference. Without the HTB there is nothing, and nothing to take back.
 */
#include "sys/traffic/floor.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>

#include "sys/netlink/netlink.h"
#include "sys/traffic/shape.h"
#include "sys/traffic/tc.h"

/* The frame's destination, counted from the packet behind the frame's head; in words, the first half of one. */
#define MAC_KEYS 2
#define MAC_WORD -16

static uint32_t root_of(const struct vnm_op_floor *op)
{
	return TC_H_MAKE((uint32_t)op->mark << 16, 0);
}

static uint32_t class_of(const struct vnm_op_floor *op)
{
	return root_of(op) | op->class_id;
}

static struct vnm_tc_class rates_of(const struct vnm_op_floor *op)
{
	return vnm_shape_class(op->rate * 1000ull, op->ceil * 1000ull);
}

/* The filter */

/* The keys have no end of their own in the kernel's struct. */
union match {
	struct tc_u32_sel sel;
	char room[sizeof(struct tc_u32_sel) + MAC_KEYS * sizeof(struct tc_u32_key)];
};

static void match_mac(const struct vnm_mac *mac, union match *ret)
{
	uint8_t words[MAC_KEYS * 4] = { 0 };

	memset(ret, 0, sizeof(*ret));
	ret->sel.flags = TC_U32_TERMINAL;
	ret->sel.nkeys = MAC_KEYS;
	memcpy(words + sizeof(words) - sizeof(mac->b), mac->b, sizeof(mac->b));
	for (size_t i = 0; i < MAC_KEYS; i++) {
		memcpy(&ret->sel.keys[i].val, words + 4 * i, 4);
		ret->sel.keys[i].mask = htonl(i == 0 ? 0x0000ffff : 0xffffffff);
		ret->sel.keys[i].off = MAC_WORD + 4 * (int)i;
	}
}

static void begin_filter(struct vnm_nl_req *req, int type, int flags, const struct vnm_op_floor *op,
			 int ifindex)
{
	struct tcmsg head = {
		.tcm_family = AF_UNSPEC,
		.tcm_ifindex = ifindex,
		.tcm_parent = root_of(op),
		.tcm_info = TC_H_MAKE((uint32_t)op->class_id << 16, htons(ETH_P_ALL)),
	};

	vnm_nl_begin(req, type, flags, &head, sizeof(head));
}

/** struct filter - what is there with the number of @op. @right: it does what it should; @any: there is something */
struct filter {
	const struct vnm_op_floor *op;
	bool right, any;
};

static bool matches(const struct vnm_mac *mac, const struct nlattr *sel)
{
	union match want, is;

	if (nla_len(sel) < (int)sizeof(is))
		return false;
	match_mac(mac, &want);
	memcpy(&is, nla_data(sel), sizeof(is));
	for (size_t i = 0; i < MAC_KEYS; i++) {
		const struct tc_u32_key *a = &is.sel.keys[i], *b = &want.sel.keys[i];

		if (a->val != b->val || a->mask != b->mask || a->off != b->off)
			return false;
	}
	return is.sel.nkeys == MAC_KEYS;
}

/* The kernel tells of the table that the filter is in as well, and of its head. */
static int take_filter(const struct nlmsghdr *hdr, void *data)
{
	struct nlattr *tb[TCA_MAX + 1], *u32[TCA_U32_MAX + 1];
	struct filter *filter = data;

	if (hdr->nlmsg_type != RTM_NEWTFILTER)
		return 0;
	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(struct tcmsg), tb, TCA_MAX, NULL) < 0)
		return -EPROTO;
	filter->any = true;
	if (!tb[TCA_KIND] || nla_strcmp(tb[TCA_KIND], "u32") != 0 || !tb[TCA_OPTIONS] ||
	    nla_parse_nested(u32, TCA_U32_MAX, tb[TCA_OPTIONS], NULL) < 0)
		return 0;
	if (u32[TCA_U32_SEL] && u32[TCA_U32_CLASSID] &&
	    nla_get_u32(u32[TCA_U32_CLASSID]) == class_of(filter->op))
		filter->right = matches(&filter->op->mac, u32[TCA_U32_SEL]);
	return 0;
}

static void forget_filter(void *data)
{
	struct filter *filter = data;

	*filter = (struct filter){ .op = filter->op };
}

static int filter_look(struct vnm_sys *sys, const struct vnm_op_floor *op, int ifindex,
		       struct filter *ret, struct vnm_error *err)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	*ret = (struct filter){ .op = op };
	begin_filter(&req, RTM_GETTFILTER, 0, op, ifindex);
	r = vnm_nl_dump(sys, &req, &(struct vnm_nl_sink){ take_filter, forget_filter, ret });
	return r < 0 ? vnm_nl_fail(err, r, &req, "cannot look at the filters of '%s'", op->dev) : 0;
}

static int filter_add(struct vnm_sys *sys, const struct vnm_op_floor *op, int ifindex,
		      struct vnm_error *err)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct nlattr *options;
	union match match;
	int r;

	match_mac(&op->mac, &match);
	begin_filter(&req, RTM_NEWTFILTER, NLM_F_CREATE | NLM_F_EXCL, op, ifindex);
	vnm_nl_put_str(&req, TCA_KIND, "u32");
	options = vnm_nl_nest(&req, TCA_OPTIONS);
	vnm_nl_put_u32(&req, TCA_U32_CLASSID, class_of(op));
	vnm_nl_put(&req, TCA_U32_SEL, &match, sizeof(match));
	vnm_nl_nest_end(&req, options);
	r = vnm_nl_do(sys, &req, NULL);
	return r < 0 ? vnm_nl_fail(err, r, &req,
				   "cannot guarantee a floor on '%s': cannot make a filter (the "
				   "kernel needs CONFIG_NET_CLS_U32)",
				   op->dev)
		     : 0;
}

static int filter_del(struct vnm_sys *sys, const struct vnm_op_floor *op, int ifindex,
		      struct vnm_error *err)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	begin_filter(&req, RTM_DELTFILTER, 0, op, ifindex);
	vnm_nl_put_str(&req, TCA_KIND, "u32");
	r = vnm_nl_do(sys, &req, NULL);
	return r < 0 && r != -ENOENT && r != -ENODEV
		       ? vnm_nl_fail(err, r, &req, "cannot delete the filter %u of '%s'",
				     op->class_id, op->dev)
		       : 0;
}

/* The whole */

/* @ret_there: the HTB is, and ours. */
static int look(struct vnm_sys *sys, const struct vnm_op_floor *op, struct vnm_link *link,
		bool *ret_there, struct vnm_error *err)
{
	struct vnm_tc_qdisc qdisc = { 0 };
	int r = vnm_link_look(sys, op->dev, link);

	*ret_there = false;
	if (r == -ENODEV)
		return 0;
	if (r == 0)
		r = vnm_tc_qdisc_get(sys, link->fact.index, TC_H_ROOT, &qdisc);
	if (r < 0)
		return vnm_nl_fail(err, r, NULL, "cannot look at the queue of '%s'", op->dev);
	*ret_there = strcmp(qdisc.kind, "htb") == 0 && qdisc.handle == root_of(op);
	return 0;
}

static int floor_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
		       struct vnm_error *err)
{
	struct vnm_tc_class want = rates_of(&op->floor), is = { 0 };
	struct filter filter = { 0 };
	struct vnm_link link;
	bool there;
	int r = look(sys, &op->floor, &link, &there, err);

	*ret = VNM_ABSENT;
	if (r < 0 || !there)
		return r;
	r = vnm_tc_class_get(sys, link.fact.index, class_of(&op->floor), &is);
	if (r < 0)
		return vnm_nl_fail(err, r, NULL, "cannot look at the classes of '%s'",
				   op->floor.dev);
	r = filter_look(sys, &op->floor, link.fact.index, &filter, err);
	if (filter.right && is.rate == want.rate && is.ceil == want.ceil &&
	    is.buffer == want.buffer && is.cbuffer == want.cbuffer)
		*ret = VNM_PRESENT;
	return r;
}

static int floor_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	struct vnm_link link;
	bool there;
	int r = look(sys, &op->floor, &link, &there, err);

	if (r < 0 || !there)
		return r;
	r = filter_del(sys, &op->floor, link.fact.index, err);
	return r < 0 ? r : vnm_tc_class_del(sys, link.fact.index, class_of(&op->floor), err);
}

static int set(struct vnm_sys *sys, const struct vnm_op_floor *op, int ifindex,
	       struct vnm_error *err)
{
	struct vnm_tc_class rates = rates_of(op);
	struct filter filter = { 0 };
	int r = vnm_tc_class_set(sys, ifindex, root_of(op) | VNM_CLASS_ALL, class_of(op), &rates,
				 err);

	if (r == 0)
		r = vnm_tc_leaf_set(sys, ifindex, class_of(op), op->fair,
				    vnm_shape_limit(rates.ceil), err);
	if (r == 0)
		r = filter_look(sys, op, ifindex, &filter, err);
	if (r < 0 || filter.right)
		return r;
	if (filter.any)
		r = filter_del(sys, op, ifindex, err);
	return r < 0 ? r : filter_add(sys, op, ifindex, err);
}

static int floor_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	struct vnm_link link;
	bool there;
	int r = look(sys, &op->floor, &link, &there, err);

	if (r < 0)
		return r;
	if (!there)
		return vnm_error_set(err, VNM_ERR_NO_DEVICE, ENOENT,
				     "device '%s' has lost the queue that a floor is a part of; "
				     "make it again: vnetmgr net-repair",
				     op->floor.dev);
	r = set(sys, &op->floor, link.fact.index, err);
	if (r < 0)
		(void)floor_revert(sys, op, &(struct vnm_error){ 0 });
	return r;
}

static int floor_change(struct vnm_sys *sys, const struct vnm_op *old, const struct vnm_op *new,
			struct vnm_error *err)
{
	(void)old;
	return floor_apply(sys, new, err);
}

const struct vnm_op_impl vnm_impl_floor = {
	.apply = floor_apply,
	.check = floor_check,
	.revert = floor_revert,
	.change = floor_change,
};
