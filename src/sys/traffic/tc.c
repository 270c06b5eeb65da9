/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tc.c - queues, classes and filters of a device.
 *
 * One object is looked at by a get with its number, not by a list of all: queues of the kernel's own making are
 * not told, or have the number 0. (The kernel answers such a get as if it told of a change: to the asker only for
 * NLM_F_ECHO.) Filters have no number that could be known beforehand, so those of one device
 * are listed.
 *
 * The kernel keeps "how far may it run ahead" as a time, in ticks of 64 ns (/proc/net/psched); what was set is read
 * back exactly.
 */
#include "sys/traffic/tc.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <linux/tc_act/tc_mirred.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>

#include "sys/netlink/netlink.h"

#include <linux/if_ether.h>

#define TICKS_PER_SECOND 15625000u
#define INGRESS TC_H_MAKE(TC_H_INGRESS, 0)
#define PERTURB 10 /* seconds between two ways of spreading flows over queues */
#define POLICE_MTU 65536u /* packets that the kernel will cut later come as one */
#define QUANTUM_MIN 1500u
#define QUANTUM_MAX 200000u
#define RATE_TABLE_CELLS 256
#define RATE_TABLE_CELL_LOG 9 /* as tc has it for packets of 64 KiB */

/**
 * vnm_tc_ticks() - how long it takes to send
 * @bytes: this much
 * @rate:  at so many bytes a second
 *
 * Return: ticks of 64 ns, at least one; what does not fit is as much as fits (274 s).
 */
uint32_t vnm_tc_ticks(uint64_t bytes, uint64_t rate)
{
	double ticks = (double)bytes * TICKS_PER_SECOND / (double)rate;

	return ticks < 1 ? 1 : ticks >= UINT32_MAX ? UINT32_MAX : (uint32_t)ticks;
}

static void begin(struct vnm_nl_req *req, int type, int flags, int ifindex, uint32_t parent,
		  uint32_t handle)
{
	struct tcmsg head = {
		.tcm_family = AF_UNSPEC,
		.tcm_ifindex = ifindex,
		.tcm_parent = parent,
		.tcm_handle = handle,
	};

	vnm_nl_begin(req, type, flags, &head, sizeof(head));
}

static uint32_t filter_info(uint16_t mark)
{
	return TC_H_MAKE((uint32_t)mark << 16, htons(ETH_P_ALL));
}

static int parse(const struct nlmsghdr *hdr, struct nlattr *tb[static TCA_MAX + 1])
{
	return nlmsg_parse((struct nlmsghdr *)hdr, sizeof(struct tcmsg), tb, TCA_MAX, NULL) < 0
		       ? -EPROTO
		       : 0;
}

/* A fixed structure in an attribute; a shorter one leaves the rest zero. */
static void copy_struct(const struct nlattr *attr, void *to, size_t size)
{
	memset(to, 0, size);
	if (attr)
		nla_memcpy(to, attr, (int)size);
}

static int take_qdisc(const struct nlmsghdr *hdr, void *data)
{
	const struct tcmsg *head = nlmsg_data(hdr);
	struct nlattr *tb[TCA_MAX + 1], *htb[TCA_HTB_MAX + 1];
	struct vnm_tc_qdisc *qdisc = data;
	struct tc_htb_glob init;

	if (hdr->nlmsg_type != RTM_NEWQDISC)
		return 0;
	if (parse(hdr, tb) < 0 || !tb[TCA_KIND])
		return -EPROTO;
	if (head->tcm_handle == 0)
		return 0;
	nla_strlcpy(qdisc->kind, tb[TCA_KIND], sizeof(qdisc->kind));
	qdisc->handle = head->tcm_handle;
	if (strcmp(qdisc->kind, "htb") != 0 || !tb[TCA_OPTIONS] ||
	    nla_parse_nested(htb, TCA_HTB_MAX, tb[TCA_OPTIONS], NULL) < 0)
		return 0;
	copy_struct(htb[TCA_HTB_INIT], &init, sizeof(init));
	qdisc->defcls = init.defcls;
	return 0;
}

/**
 * vnm_tc_qdisc_get() - look at a queue of a device
 * @sys:     the handles
 * @ifindex: the device
 * @parent:  TC_H_ROOT or TC_H_INGRESS
 * @ret:     the queue; kind "" when there is none, or only the one that every such device has
 *
 * Return: 0 or -errno.
 */
int vnm_tc_qdisc_get(struct vnm_sys *sys, int ifindex, uint32_t parent, struct vnm_tc_qdisc *ret)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	*ret = (struct vnm_tc_qdisc){ 0 };
	begin(&req, RTM_GETQDISC, NLM_F_ECHO, ifindex, parent, 0);
	r = vnm_nl_do(sys, &req, &(struct vnm_nl_sink){ .each = take_qdisc, .data = ret });
	return r == -ENOENT ? 0 : r;
}

static uint64_t rate_of(const struct tc_ratespec *spec, const struct nlattr *wide)
{
	return wide ? nla_get_u64((struct nlattr *)wide) : spec->rate;
}

static int take_class(const struct nlmsghdr *hdr, void *data)
{
	struct nlattr *tb[TCA_MAX + 1], *htb[TCA_HTB_MAX + 1];
	struct vnm_tc_class *class = data;
	struct tc_htb_opt opt;

	if (hdr->nlmsg_type != RTM_NEWTCLASS)
		return 0;
	if (parse(hdr, tb) < 0 || !tb[TCA_OPTIONS] ||
	    nla_parse_nested(htb, TCA_HTB_MAX, tb[TCA_OPTIONS], NULL) < 0)
		return -EPROTO;
	copy_struct(htb[TCA_HTB_PARMS], &opt, sizeof(opt));
	*class = (struct vnm_tc_class){ rate_of(&opt.rate, htb[TCA_HTB_RATE64]),
					rate_of(&opt.ceil, htb[TCA_HTB_CEIL64]), opt.buffer,
					opt.cbuffer };
	return 0;
}

/**
 * vnm_tc_class_get() - look at a class of an HTB
 * @sys:     the handles
 * @ifindex: the device
 * @id:      the class
 * @ret:     the class; its rate is 0 when there is none
 *
 * Return: 0 or -errno.
 */
int vnm_tc_class_get(struct vnm_sys *sys, int ifindex, uint32_t id, struct vnm_tc_class *ret)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	*ret = (struct vnm_tc_class){ 0 };
	begin(&req, RTM_GETTCLASS, NLM_F_ECHO, ifindex, 0, id);
	r = vnm_nl_do(sys, &req, &(struct vnm_nl_sink){ .each = take_class, .data = ret });
	return r == -ENOENT ? 0 : r;
}

static void take_police(struct nlattr *options, struct vnm_tc_target *target)
{
	struct nlattr *tb[TCA_POLICE_MAX + 1];
	struct tc_police police;

	if (nla_parse_nested(tb, TCA_POLICE_MAX, options, NULL) < 0)
		return;
	copy_struct(tb[TCA_POLICE_TBF], &police, sizeof(police));
	target->rate = rate_of(&police.rate, tb[TCA_POLICE_RATE64]);
	target->burst = police.burst;
}

static void take_mirred(struct nlattr *options, struct vnm_tc_target *target)
{
	struct nlattr *tb[TCA_MIRRED_MAX + 1];
	struct tc_mirred mirred;

	if (nla_parse_nested(tb, TCA_MIRRED_MAX, options, NULL) < 0)
		return;
	copy_struct(tb[TCA_MIRRED_PARMS], &mirred, sizeof(mirred));
	if (mirred.eaction == TCA_EGRESS_REDIR)
		target->ifindex = (int)mirred.ifindex;
}

/* The first action of a u32 filter's list. */
static void take_action(struct nlattr *list, struct vnm_tc_target *target)
{
	struct nlattr *tb[2], *act[TCA_ACT_MAX + 1];

	if (nla_parse_nested(tb, 1, list, NULL) < 0 || !tb[1] ||
	    nla_parse_nested(act, TCA_ACT_MAX, tb[1], NULL) < 0 || !act[TCA_ACT_KIND] ||
	    !act[TCA_ACT_OPTIONS])
		return;
	if (nla_strcmp(act[TCA_ACT_KIND], "police") == 0)
		take_police(act[TCA_ACT_OPTIONS], target);
	else if (nla_strcmp(act[TCA_ACT_KIND], "mirred") == 0)
		take_mirred(act[TCA_ACT_OPTIONS], target);
}

/* A filter is told in several messages: itself, its table, and its entry, which alone has a selector. */
static int take_filter(const struct nlmsghdr *hdr, void *data)
{
	const struct tcmsg *head = nlmsg_data(hdr);
	struct nlattr *tb[TCA_MAX + 1], *u32[TCA_U32_MAX + 1];
	struct vnm_tc_filters *filters = data;

	if (hdr->nlmsg_type != RTM_NEWTFILTER)
		return 0;
	if (parse(hdr, tb) < 0 || !tb[TCA_KIND])
		return -EPROTO;
	if (head->tcm_info != filter_info(filters->mark) || nla_strcmp(tb[TCA_KIND], "u32") != 0) {
		filters->others = true;
		return 0;
	}
	filters->mine = true;
	if (tb[TCA_OPTIONS] && nla_parse_nested(u32, TCA_U32_MAX, tb[TCA_OPTIONS], NULL) == 0 &&
	    u32[TCA_U32_SEL] && u32[TCA_U32_ACT])
		take_action(u32[TCA_U32_ACT], &filters->target);
	return 0;
}

static void forget_filters(void *data)
{
	struct vnm_tc_filters *filters = data;

	*filters = (struct vnm_tc_filters){ .mark = filters->mark };
}

/**
 * vnm_tc_filters_get() - look at what hangs at a device's ingress queue
 * @sys:     the handles
 * @ifindex: the device
 * @mark:    our filter's preference
 * @ret:     what there is; nothing, too, when there is no such queue
 *
 * Return: 0 or -errno.
 */
int vnm_tc_filters_get(struct vnm_sys *sys, int ifindex, uint16_t mark, struct vnm_tc_filters *ret)
{
	vnm_autonl struct vnm_nl_req req = { 0 };

	*ret = (struct vnm_tc_filters){ .mark = mark };
	begin(&req, RTM_GETTFILTER, 0, ifindex, INGRESS, 0);
	return vnm_nl_dump(sys, &req, &(struct vnm_nl_sink){ take_filter, forget_filters, ret });
}

/* The kernel tells an unknown kind from a device or parent that is missing by nothing but its words. */
static int fail(struct vnm_error *err, int r, const struct vnm_nl_req *req, const char *what,
		const char *needs)
{
	return vnm_nl_fail(err, r, req,
			   "cannot limit the bandwidth: cannot make %s (the kernel "
			   "needs %s)",
			   what, needs);
}

/**
 * vnm_tc_htb_add() - make an HTB the root queue of a device that has none of its own
 * @sys:     the handles
 * @ifindex: the device
 * @handle:  its number; packets go to its class 2
 * @err:     the error
 *
 * Return: 0 or -errno; -EEXIST when the device has a root queue of its own.
 */
int vnm_tc_htb_add(struct vnm_sys *sys, int ifindex, uint32_t handle, struct vnm_error *err)
{
	struct tc_htb_glob init = { .version = TC_HTB_PROTOVER, .rate2quantum = 10, .defcls = 2 };
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct nlattr *options;
	int r;

	begin(&req, RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL, ifindex, TC_H_ROOT, handle);
	vnm_nl_put_str(&req, TCA_KIND, "htb");
	options = vnm_nl_nest(&req, TCA_OPTIONS);
	vnm_nl_put(&req, TCA_HTB_INIT, &init, sizeof(init));
	vnm_nl_nest_end(&req, options);
	r = vnm_nl_do(sys, &req, NULL);
	return r < 0 ? fail(err, r, &req, "an HTB queue", "CONFIG_NET_SCH_HTB") : 0;
}

/* Rates of 2^32 bytes a second and more have an attribute of their own. */
static struct tc_ratespec ratespec(uint64_t rate)
{
	return (struct tc_ratespec){
		.linklayer = TC_LINKLAYER_ETHERNET,
		.rate = rate > UINT32_MAX ? UINT32_MAX : (uint32_t)rate,
	};
}

static void put_wide_rate(struct vnm_nl_req *req, int attr, uint64_t rate)
{
	if (rate > UINT32_MAX)
		vnm_nl_put(req, attr, &rate, sizeof(rate));
}

/* With a quantum of its own a class does not make the kernel warn that its guess is too small or too big. */
static uint32_t quantum(uint64_t rate)
{
	uint64_t q = rate / 10;

	return q < QUANTUM_MIN ? QUANTUM_MIN : q > QUANTUM_MAX ? QUANTUM_MAX : (uint32_t)q;
}

/**
 * vnm_tc_class_set() - make a class of an HTB, or give it other rates
 * @sys:     the handles
 * @ifindex: the device
 * @parent:  the HTB or another class of it
 * @id:      the class
 * @class:   its rates
 * @err:     the error
 *
 * Return: 0 or -errno.
 */
int vnm_tc_class_set(struct vnm_sys *sys, int ifindex, uint32_t parent, uint32_t id,
		     const struct vnm_tc_class *class, struct vnm_error *err)
{
	struct tc_htb_opt opt = {
		.rate = ratespec(class->rate),
		.ceil = ratespec(class->ceil),
		.buffer = class->buffer,
		.cbuffer = class->cbuffer,
		.quantum = quantum(class->rate),
	};
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct nlattr *options;
	int r;

	begin(&req, RTM_NEWTCLASS, NLM_F_CREATE, ifindex, parent, id);
	vnm_nl_put_str(&req, TCA_KIND, "htb");
	options = vnm_nl_nest(&req, TCA_OPTIONS);
	vnm_nl_put(&req, TCA_HTB_PARMS, &opt, sizeof(opt));
	put_wide_rate(&req, TCA_HTB_RATE64, class->rate);
	put_wide_rate(&req, TCA_HTB_CEIL64, class->ceil);
	vnm_nl_nest_end(&req, options);
	r = vnm_nl_do(sys, &req, NULL);
	return r < 0 ? fail(err, r, &req, "an HTB class", "CONFIG_NET_SCH_HTB") : 0;
}

/**
 * vnm_tc_class_del() - delete a class of an HTB, with the queue in it; none is fine
 * @sys:     the handles
 * @ifindex: the device
 * @id:      the class; no filter leads to it any more
 * @err:     the error
 *
 * Return: 0 or -errno.
 */
int vnm_tc_class_del(struct vnm_sys *sys, int ifindex, uint32_t id, struct vnm_error *err)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	begin(&req, RTM_DELTCLASS, 0, ifindex, 0, id);
	r = vnm_nl_do(sys, &req, NULL);
	if (r < 0 && r != -ENOENT && r != -ENODEV)
		return vnm_nl_fail(err, r, &req, "cannot delete the class %x:%x", id >> 16,
				   id & 0xffff);
	return 0;
}

/**
 * vnm_tc_leaf_set() - give a class the queue in which its packets wait
 * @sys:     the handles
 * @ifindex: the device
 * @parent:  the class
 * @fair:    SFQ; else one queue for all
 * @limit:   bytes that may wait in that
 * @err:     the error
 *
 * Return: 0 or -errno.
 */
int vnm_tc_leaf_set(struct vnm_sys *sys, int ifindex, uint32_t parent, bool fair, uint32_t limit,
		    struct vnm_error *err)
{
	struct tc_sfq_qopt sfq = { .perturb_period = PERTURB };
	struct tc_fifo_qopt fifo = { .limit = limit };
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	begin(&req, RTM_NEWQDISC, NLM_F_CREATE | NLM_F_REPLACE, ifindex, parent, 0);
	vnm_nl_put_str(&req, TCA_KIND, fair ? "sfq" : "bfifo");
	if (fair)
		vnm_nl_put(&req, TCA_OPTIONS, &sfq, sizeof(sfq));
	else
		vnm_nl_put(&req, TCA_OPTIONS, &fifo, sizeof(fifo));
	r = vnm_nl_do(sys, &req, NULL);
	return r < 0 ? fail(err, r, &req, fair ? "an SFQ queue" : "a FIFO queue",
			    fair ? "CONFIG_NET_SCH_SFQ" : "CONFIG_NET_SCH_FIFO")
		     : 0;
}

/**
 * vnm_tc_ingress_add() - give a device an ingress queue, at which filters can hang
 * @sys:     the handles
 * @ifindex: the device
 * @err:     the error
 *
 * Return: 0 or -errno; -EEXIST when it has one.
 */
int vnm_tc_ingress_add(struct vnm_sys *sys, int ifindex, struct vnm_error *err)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	begin(&req, RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL, ifindex, TC_H_INGRESS, INGRESS);
	vnm_nl_put_str(&req, TCA_KIND, "ingress");
	r = vnm_nl_do(sys, &req, NULL);
	return r < 0 ? fail(err, r, &req, "an ingress queue", "CONFIG_NET_SCH_INGRESS") : 0;
}

/**
 * vnm_tc_qdisc_del() - delete a queue with all that hangs at it; none is fine
 * @sys:     the handles
 * @ifindex: the device
 * @parent:  TC_H_ROOT or TC_H_INGRESS
 * @handle:  its number
 * @err:     the error
 *
 * Return: 0 or -errno.
 */
int vnm_tc_qdisc_del(struct vnm_sys *sys, int ifindex, uint32_t parent, uint32_t handle,
		     struct vnm_error *err)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	begin(&req, RTM_DELQDISC, 0, ifindex, parent, handle);
	r = vnm_nl_do(sys, &req, NULL);
	if (r < 0 && r != -ENOENT && r != -ENODEV)
		return vnm_nl_fail(err, r, &req, "cannot delete the %s queue %x:",
				   parent == TC_H_ROOT ? "root" : "ingress", handle >> 16);
	return 0;
}

/* The kernel wants the times that packets of all sizes take, although it has come to reckon by itself. */
static void put_rate_table(struct vnm_nl_req *req, uint64_t rate)
{
	uint32_t table[RATE_TABLE_CELLS];

	for (uint32_t i = 0; i < RATE_TABLE_CELLS; i++)
		table[i] = vnm_tc_ticks((i + 1ull) << RATE_TABLE_CELL_LOG, rate);
	vnm_nl_put(req, TCA_POLICE_RATE, table, sizeof(table));
}

static void put_police(struct vnm_nl_req *req, const struct vnm_tc_target *target)
{
	struct tc_police police = {
		.action = TC_ACT_SHOT,
		.rate = ratespec(target->rate),
		.burst = target->burst,
		.mtu = POLICE_MTU,
	};

	police.rate.cell_log = RATE_TABLE_CELL_LOG;
	police.rate.cell_align = -1;
	vnm_nl_put(req, TCA_POLICE_TBF, &police, sizeof(police));
	put_rate_table(req, target->rate);
	put_wide_rate(req, TCA_POLICE_RATE64, target->rate);
}

static void put_mirred(struct vnm_nl_req *req, const struct vnm_tc_target *target)
{
	struct tc_mirred mirred = {
		.action = TC_ACT_STOLEN,
		.eaction = TCA_EGRESS_REDIR,
		.ifindex = (uint32_t)target->ifindex,
	};

	vnm_nl_put(req, TCA_MIRRED_PARMS, &mirred, sizeof(mirred));
}

static void put_action(struct vnm_nl_req *req, const struct vnm_tc_target *target)
{
	struct nlattr *list = vnm_nl_nest(req, TCA_U32_ACT), *first = vnm_nl_nest(req, 1), *options;

	vnm_nl_put_str(req, TCA_ACT_KIND, target->ifindex ? "mirred" : "police");
	options = vnm_nl_nest(req, TCA_ACT_OPTIONS);
	if (target->ifindex)
		put_mirred(req, target);
	else
		put_police(req, target);
	vnm_nl_nest_end(req, options);
	vnm_nl_nest_end(req, first);
	vnm_nl_nest_end(req, list);
}

/* One key that masks all away: every packet matches. */
static void put_match_all(struct vnm_nl_req *req)
{
	union {
		struct tc_u32_sel sel;
		char room[sizeof(struct tc_u32_sel) + sizeof(struct tc_u32_key)];
	} all = { .room = { 0 } };

	all.sel.flags = TC_U32_TERMINAL;
	all.sel.nkeys = 1;
	vnm_nl_put(req, TCA_U32_SEL, &all, sizeof(all));
}

/**
 * vnm_tc_filter_add() - do something to every packet that a device receives
 * @sys:     the handles
 * @ifindex: the device; it has an ingress queue
 * @mark:    the filter's preference
 * @target:  what is done to the packets
 * @err:     the error
 *
 * Return: 0 or -errno.
 */
int vnm_tc_filter_add(struct vnm_sys *sys, int ifindex, uint16_t mark,
		      const struct vnm_tc_target *target, struct vnm_error *err)
{
	struct tcmsg head = {
		.tcm_family = AF_UNSPEC,
		.tcm_ifindex = ifindex,
		.tcm_parent = INGRESS,
		.tcm_info = filter_info(mark),
	};
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct nlattr *options;
	int r;

	vnm_nl_begin(&req, RTM_NEWTFILTER, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof(head));
	vnm_nl_put_str(&req, TCA_KIND, "u32");
	options = vnm_nl_nest(&req, TCA_OPTIONS);
	put_match_all(&req);
	put_action(&req, target);
	vnm_nl_nest_end(&req, options);
	r = vnm_nl_do(sys, &req, NULL);
	return r < 0 ? fail(err, r, &req, "a filter",
			    target->ifindex ? "CONFIG_NET_CLS_U32 and CONFIG_NET_ACT_MIRRED"
					    : "CONFIG_NET_CLS_U32 and CONFIG_NET_ACT_POLICE")
		     : 0;
}

/**
 * vnm_tc_filter_del() - delete our filter at a device's ingress; none is fine
 * @sys:     the handles
 * @ifindex: the device
 * @mark:    the filter's preference
 * @err:     the error
 *
 * Return: 0 or -errno.
 */
int vnm_tc_filter_del(struct vnm_sys *sys, int ifindex, uint16_t mark, struct vnm_error *err)
{
	struct tcmsg head = {
		.tcm_family = AF_UNSPEC,
		.tcm_ifindex = ifindex,
		.tcm_parent = INGRESS,
		.tcm_info = filter_info(mark),
	};
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	vnm_nl_begin(&req, RTM_DELTFILTER, 0, &head, sizeof(head));
	vnm_nl_put_str(&req, TCA_KIND, "u32");
	r = vnm_nl_do(sys, &req, NULL);
	if (r < 0 && r != -ENOENT && r != -ENODEV)
		return vnm_nl_fail(err, r, &req, "cannot delete the filter %u", mark);
	return 0;
}
