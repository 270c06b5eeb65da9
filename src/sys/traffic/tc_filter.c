/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tc_filter.c - u32 filters.
 *
 * The kernel chooses a filter's handle, so ours is found by its preference, in a dump. The dump has several messages for
 * each: its head, its hash table, and its entry; only the entry has a selector.
 */
#include "sys/traffic/tc_filter.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <linux/rtnetlink.h>
#include <linux/tc_act/tc_mirred.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/route/act/mirred.h>
#include <netlink/route/classifier.h>
#include <netlink/route/cls/u32.h>
#include <string.h>

#include "sys/traffic/tc.h"
#include "util/mem.h"

#define POLICE_MTU 65536u /* for packets that the kernel will segment later (GSO) */
#define RATE_TABLE_CELLS 256
#define RATE_TABLE_CELL_LOG 9 /* as by tc(8) for packets of 64 KiB */

/* A frame's destination: the second half of a word, and one more; offsets count from the packet behind the header. */
#define MAC_WORDS 2
#define MAC_OFFSET -16

/** struct mac_match - the keys of a selector for a destination; values and masks are in network order */
struct mac_match {
	uint32_t value[MAC_WORDS], mask[MAC_WORDS];
};

static struct mac_match match_mac(const struct vnm_mac *mac)
{
	struct mac_match match = { .mask = { htonl(0x0000ffff), htonl(0xffffffff) } };

	memcpy((uint8_t *)match.value + sizeof(match.value) - sizeof(mac->b), mac->b,
	       sizeof(mac->b));
	return match;
}

static uint32_t info_of(const struct vnm_tc_place *place)
{
	return TC_H_MAKE((uint32_t)place->preference << 16, htons(ETH_P_ALL));
}

/** vnm_tc_filter_equal() - do two filters do the same to the same packets? */
bool vnm_tc_filter_equal(const struct vnm_tc_filter *a, const struct vnm_tc_filter *b)
{
	return vnm_mac_equal(&a->to, &b->to) && a->class_id == b->class_id &&
	       a->ifindex == b->ifindex && a->rate == b->rate && a->burst == b->burst;
}

/* Reading */

static void parse_police(struct nlattr *options, struct vnm_tc_filter *ret)
{
	struct nlattr *tb[TCA_POLICE_MAX + 1];
	struct tc_police police;

	if (nla_parse_nested(tb, TCA_POLICE_MAX, options, NULL) < 0)
		return;
	vnm_tc_copy(tb[TCA_POLICE_TBF], &police, sizeof(police));
	ret->rate = vnm_tc_rate(&police.rate, tb[TCA_POLICE_RATE64]);
	ret->burst = police.burst;
}

static void parse_mirred(struct nlattr *options, struct vnm_tc_filter *ret)
{
	struct nlattr *tb[TCA_MIRRED_MAX + 1];
	struct tc_mirred mirred;

	if (nla_parse_nested(tb, TCA_MIRRED_MAX, options, NULL) < 0)
		return;
	vnm_tc_copy(tb[TCA_MIRRED_PARMS], &mirred, sizeof(mirred));
	if (mirred.eaction == TCA_EGRESS_REDIR)
		ret->ifindex = (int)mirred.ifindex;
}

/* The first action of the list. */
static void parse_action(struct nlattr *list, struct vnm_tc_filter *ret)
{
	struct nlattr *tb[2], *act[TCA_ACT_MAX + 1];

	if (nla_parse_nested(tb, 1, list, NULL) < 0 || !tb[1] ||
	    nla_parse_nested(act, TCA_ACT_MAX, tb[1], NULL) < 0 || !act[TCA_ACT_KIND] ||
	    !act[TCA_ACT_OPTIONS])
		return;
	if (nla_strcmp(act[TCA_ACT_KIND], "police") == 0)
		parse_police(act[TCA_ACT_OPTIONS], ret);
	else if (nla_strcmp(act[TCA_ACT_KIND], "mirred") == 0)
		parse_mirred(act[TCA_ACT_OPTIONS], ret);
}

/* A selector that is not match_mac()'s leaves the address unset. */
static void parse_selector(const struct nlattr *attr, struct vnm_tc_filter *ret)
{
	union {
		struct tc_u32_sel sel;
		char room[sizeof(struct tc_u32_sel) + MAC_WORDS * sizeof(struct tc_u32_key)];
	} is;
	struct mac_match match;

	vnm_tc_copy(attr, &is, sizeof(is));
	if (is.sel.nkeys != MAC_WORDS)
		return;
	for (size_t i = 0; i < MAC_WORDS; i++) {
		match.value[i] = is.sel.keys[i].val;
		match.mask[i] = is.sel.keys[i].mask;
		if (is.sel.keys[i].off != MAC_OFFSET + 4 * (int)i)
			return;
	}
	memcpy(ret->to.b, (uint8_t *)match.value + sizeof(match.value) - sizeof(ret->to.b),
	       sizeof(ret->to.b));
	ret->to.set = memcmp(match.mask, match_mac(&ret->to).mask, sizeof(match.mask)) == 0;
}

static int parse_filter(const struct nlmsghdr *hdr, void *data)
{
	const struct tcmsg *head = nlmsg_data(hdr);
	struct nlattr *tb[TCA_MAX + 1], *u32[TCA_U32_MAX + 1];
	struct vnm_tc_filters *filters = data;

	if (hdr->nlmsg_type != RTM_NEWTFILTER)
		return 0;
	if (vnm_tc_parse(hdr, tb) < 0)
		return -EPROTO;
	if (head->tcm_info != info_of(&filters->place) || nla_strcmp(tb[TCA_KIND], "u32") != 0) {
		filters->others = true;
		return 0;
	}
	filters->ours = true;
	if (!tb[TCA_OPTIONS] || nla_parse_nested(u32, TCA_U32_MAX, tb[TCA_OPTIONS], NULL) < 0 ||
	    !u32[TCA_U32_SEL])
		return 0;
	parse_selector(u32[TCA_U32_SEL], &filters->filter);
	if (u32[TCA_U32_CLASSID])
		filters->filter.class_id = nla_get_u32(u32[TCA_U32_CLASSID]);
	if (u32[TCA_U32_ACT])
		parse_action(u32[TCA_U32_ACT], &filters->filter);
	return 0;
}

static void restart_reading(void *data)
{
	struct vnm_tc_filters *filters = data;

	*filters = (struct vnm_tc_filters){ .place = filters->place };
}

/**
 * vnm_tc_filters_get() - read the filters of a qdisc
 * @sys:   the handles
 * @place: where our filter should be; of an ingress qdisc, which is ours by its filters, all are read, of others those
 *         with this preference
 * @ret:   the filters; none when there is no such qdisc
 *
 * Return: 0 or -errno.
 */
int vnm_tc_filters_get(struct vnm_sys *sys, const struct vnm_tc_place *place,
		       struct vnm_tc_filters *ret)
{
	bool all = place->parent == VNM_TC_INGRESS;
	struct tcmsg head = {
		.tcm_family = AF_UNSPEC,
		.tcm_ifindex = place->ifindex,
		.tcm_parent = place->parent,
		.tcm_info = all ? 0 : info_of(place),
	};
	vnm_autonl struct vnm_nl_req req = { 0 };

	*ret = (struct vnm_tc_filters){ .place = *place };
	vnm_nl_begin(&req, RTM_GETTFILTER, 0, &head, sizeof(head));
	return vnm_nl_dump(sys, &req, &(struct vnm_nl_sink){ parse_filter, restart_reading, ret });
}

/* Writing */

static struct rtnl_cls *filter_new(const struct vnm_tc_place *place)
{
	struct rtnl_cls *cls = rtnl_cls_alloc();

	vnm_tc_init(TC_CAST(cls), place->ifindex, place->parent, 0, "u32");
	rtnl_cls_set_prio(cls, place->preference);
	rtnl_cls_set_protocol(cls, ETH_P_ALL);
	return cls;
}

/* A selector needs a key: for all packets one whose mask is zero. */
static void set_match(struct rtnl_cls *cls, const struct vnm_mac *to)
{
	struct mac_match match = match_mac(to);

	vnm_tc_must(rtnl_u32_set_flags(cls, TC_U32_TERMINAL));
	if (!to->set) {
		vnm_tc_must(rtnl_u32_add_key(cls, 0, 0, 0, 0));
		return;
	}
	for (int i = 0; i < MAC_WORDS; i++)
		vnm_tc_must(rtnl_u32_add_key(cls, match.value[i], match.mask[i], MAC_OFFSET + 4 * i,
					     0));
}

static void set_redirect(struct rtnl_cls *cls, int ifindex)
{
	struct rtnl_act *act = rtnl_act_alloc();

	if (!act)
		vnm_oom();
	vnm_tc_must(rtnl_tc_set_kind(TC_CAST(act), "mirred"));
	vnm_tc_must(rtnl_mirred_set_action(act, TCA_EGRESS_REDIR));
	vnm_tc_must(rtnl_mirred_set_policy(act, TC_ACT_STOLEN));
	vnm_tc_must(rtnl_mirred_set_ifindex(act, (uint32_t)ifindex));
	vnm_tc_must(rtnl_u32_add_action(cls, act));
	rtnl_act_put(act);
}

/* The kernel demands a rate table, although it computes transmission times itself by now. */
static void put_rate_table(struct vnm_nl_req *req, uint64_t rate)
{
	uint32_t table[RATE_TABLE_CELLS];

	for (uint32_t i = 0; i < RATE_TABLE_CELLS; i++)
		table[i] = vnm_tc_ticks((i + 1ull) << RATE_TABLE_CELL_LOG, rate);
	vnm_nl_put(req, TCA_POLICE_RATE, table, sizeof(table));
}

/* Appended to TCA_OPTIONS as written by libnl-route: the last attribute of the message, so that it can grow. */
static void put_police(struct vnm_nl_req *req, uint64_t rate, uint32_t burst)
{
	struct nlattr *options =
		nlmsg_find_attr(nlmsg_hdr(req->msg), sizeof(struct tcmsg), TCA_OPTIONS);
	struct nlattr *list = vnm_nl_nest(req, TCA_U32_ACT), *first = vnm_nl_nest(req, 1), *body;
	struct tc_police police = {
		.action = TC_ACT_SHOT,
		.rate = vnm_tc_ratespec(rate),
		.burst = burst,
		.mtu = POLICE_MTU,
	};

	police.rate.cell_log = RATE_TABLE_CELL_LOG;
	police.rate.cell_align = -1;
	vnm_nl_put_str(req, TCA_ACT_KIND, "police");
	body = vnm_nl_nest(req, TCA_ACT_OPTIONS);
	vnm_nl_put(req, TCA_POLICE_TBF, &police, sizeof(police));
	put_rate_table(req, rate);
	vnm_tc_put_rate64(req, TCA_POLICE_RATE64, rate);
	vnm_nl_nest_end(req, body);
	vnm_nl_nest_end(req, first);
	vnm_nl_nest_end(req, list);
	vnm_nl_nest_end(req, options);
}

static int filter_add(struct vnm_sys *sys, const struct vnm_tc_place *place,
		      const struct vnm_tc_filter *filter, struct vnm_error *err)
{
	struct rtnl_cls *cls = filter_new(place);
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	set_match(cls, &filter->to);
	if (filter->class_id)
		vnm_tc_must(rtnl_u32_set_classid(cls, filter->class_id));
	if (filter->ifindex)
		set_redirect(cls, filter->ifindex);
	vnm_tc_must(rtnl_cls_build_add_request(cls, NLM_F_CREATE | NLM_F_EXCL, &req.msg));
	rtnl_cls_put(cls);
	if (filter->rate)
		put_police(&req, filter->rate, filter->burst);
	r = vnm_nl_do(sys, &req, NULL);
	return r < 0 ? vnm_tc_fail(err, r, &req, "a filter",
				   filter->ifindex ? "CONFIG_NET_CLS_U32 and CONFIG_NET_ACT_MIRRED"
				   : filter->rate  ? "CONFIG_NET_CLS_U32 and CONFIG_NET_ACT_POLICE"
						   : "CONFIG_NET_CLS_U32")
		     : 0;
}

/**
 * vnm_tc_filter_del() - delete a filter; none is fine
 * @sys:   the handles
 * @place: where
 * @err:   the error
 *
 * Return: 0 or -errno.
 */
int vnm_tc_filter_del(struct vnm_sys *sys, const struct vnm_tc_place *place, struct vnm_error *err)
{
	struct rtnl_cls *cls = filter_new(place);
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	vnm_tc_must(rtnl_cls_build_delete_request(cls, 0, &req.msg));
	rtnl_cls_put(cls);
	r = vnm_nl_do(sys, &req, NULL);
	if (r < 0 && r != -ENOENT && r != -ENODEV)
		return vnm_nl_fail(err, r, &req, "cannot delete the filter %u", place->preference);
	return 0;
}

/**
 * vnm_tc_filter_set() - add a filter, or replace the existing one
 * @sys:  the handles
 * @is:   the current filters; the qdisc exists
 * @want: the filter
 * @err:  the error
 *
 * Return: 0 or -errno; -EEXIST when there is one of another kind with this preference.
 */
int vnm_tc_filter_set(struct vnm_sys *sys, const struct vnm_tc_filters *is,
		      const struct vnm_tc_filter *want, struct vnm_error *err)
{
	int r = 0;

	if (is->ours && vnm_tc_filter_equal(&is->filter, want))
		return 0;
	if (is->ours)
		r = vnm_tc_filter_del(sys, &is->place, err);
	return r < 0 ? r : filter_add(sys, &is->place, want, err);
}
