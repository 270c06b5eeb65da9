/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shape.c - limits of a bridge's or a guest's traffic, each direction for itself.
 *
 * Inbound: an HTB at the device's root. Outbound: an ingress queue with one filter that takes every packet, and
 * either drops what is too much, or leads all through an ifb device with an HTB of its own; or no queue, and nf_tables
 * drops what is too much (limit.c).
 *
 * Ownership. The device may be somebody else's, with queues of its own; those are never touched. What is ours
 * carries the mark of the operation: the handle of the HTB, the preference of the filter. The ifb is known like
 * our bridges, by name, kind, MAC and group, all set when it is made. An ingress queue has no number of its own:
 * it is taken for ours when nothing hangs at it but our filter, or nothing at all, as after a kill between the
 * two; an empty one has no effect on anything.
 *
 * Every step looks first whether its work is done, so applying again repairs what is damaged, and gives other
 * rates to what is there, without a packet lost.
 */
#include "sys/traffic/shape.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/if_link.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "plan/op/op_bandwidth.h"
#include "sys/traffic/limit.h"
#include "sys/netlink/netlink.h"
#include "sys/traffic/tc.h"

#define CLASS_REST 2u /* what is in no class of its own (sys/traffic/floor.c) */

/* Without a burst of its own a class may run ahead by what the kernel's timers may be late, and a packet. */
#define LATE_PER_SECOND 100
#define PACKET 1600

/* A fifth of a second's traffic may wait, but always four of the largest packets that there are. */
#define WAIT_PER_SECOND 5
#define WAIT_MIN (4u * 65536)
#define WAIT_MAX (1u << 30)

static uint32_t root_handle(const struct vnm_op_bandwidth *op)
{
	return TC_H_MAKE((uint32_t)op->mark << 16, 0);
}

static uint64_t rate_of(const struct vnm_op_bandwidth *op)
{
	return op->average * 1000ull;
}

static uint64_t ceil_of(const struct vnm_op_bandwidth *op)
{
	return op->peak ? op->peak * 1000ull : rate_of(op);
}

/**
 * vnm_shape_class() - a class without a burst of its own
 * @rate: what it is sure of, in bytes a second
 * @ceil: what it may have
 */
struct vnm_tc_class vnm_shape_class(uint64_t rate, uint64_t ceil)
{
	uint64_t burst = rate / LATE_PER_SECOND + PACKET, cburst = ceil / LATE_PER_SECOND + PACKET;

	return (struct vnm_tc_class){ rate, ceil, vnm_tc_ticks(burst, rate),
				      vnm_tc_ticks(cburst, ceil) };
}

/* A burst without a peak goes at any speed, as it does where a police counts. */
static struct vnm_tc_class class_of(const struct vnm_op_bandwidth *op, uint32_t id)
{
	uint64_t rate = id == CLASS_REST ? vnm_op_rest(op) * 1000ull : rate_of(op);
	struct vnm_tc_class class = vnm_shape_class(rate, ceil_of(op));

	if (op->burst && id == CLASS_REST)
		class.buffer = vnm_tc_ticks(op->burst * 1024ull, rate);
	if (op->burst && id == CLASS_REST && !op->peak)
		class.cbuffer = vnm_tc_ticks(op->burst * 1024ull, class.ceil);
	return class;
}

/**
 * vnm_shape_limit() - how much may wait to be sent
 * @ceil: the rate at which it can be, in bytes a second
 *
 * Return: bytes.
 */
uint32_t vnm_shape_limit(uint64_t ceil)
{
	uint64_t limit = ceil / WAIT_PER_SECOND;

	return limit < WAIT_MIN ? WAIT_MIN : limit > WAIT_MAX ? WAIT_MAX : (uint32_t)limit;
}

static bool is_ours(const struct vnm_tc_qdisc *qdisc, const struct vnm_op_bandwidth *op)
{
	return strcmp(qdisc->kind, "htb") == 0 && qdisc->handle == root_handle(op);
}

static bool is_our_ifb(const struct vnm_link *link, const struct vnm_op_bandwidth *op)
{
	return strcmp(link->fact.kind, "ifb") == 0 && vnm_mac_equal(&link->fact.mac, &op->mac) &&
	       (link->group & VNM_GROUP_MASK) == VNM_GROUP_BASE;
}

static int refuse_queue(const struct vnm_link *link, const struct vnm_tc_qdisc *qdisc,
			const char *where, struct vnm_error *err)
{
	return vnm_error_set(
		err, VNM_ERR_FOREIGN, EEXIST,
		"device '%s' already has an %s queue that is not ours (%s %x:); delete "
		"it (tc qdisc del dev %s %s), or leave <bandwidth> out",
		link->fact.name, strcmp(where, "root") ? where : "egress", qdisc->kind,
		qdisc->handle >> 16, link->fact.name, where);
}

static int refuse_ifb(const struct vnm_link *link, struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_FOREIGN, EEXIST,
			     "device '%s' already exists and is not ours; it is needed for the "
			     "outbound bandwidth: rename or delete it",
			     link->fact.name);
}

/* The HTB and its classes */

static int look_at_root(struct vnm_sys *sys, const struct vnm_link *link, struct vnm_tc_qdisc *ret,
			struct vnm_error *err)
{
	int r = vnm_tc_qdisc_get(sys, link->fact.index, TC_H_ROOT, ret);

	return r < 0 ? vnm_nl_fail(err, r, NULL, "cannot look at the queue of '%s'",
				   link->fact.name)
		     : 0;
}

static int htb_check(struct vnm_sys *sys, const struct vnm_op_bandwidth *op,
		     const struct vnm_link *link, enum vnm_presence *ret, struct vnm_error *err)
{
	struct vnm_tc_qdisc qdisc;
	int r = look_at_root(sys, link, &qdisc, err);

	*ret = !qdisc.kind[0] ? VNM_ABSENT : is_ours(&qdisc, op) ? VNM_PRESENT : VNM_FOREIGN;
	if (r < 0 || *ret != VNM_PRESENT)
		return r;
	if (qdisc.defcls != CLASS_REST)
		*ret = VNM_ABSENT;
	for (uint32_t id = VNM_CLASS_ALL; id <= CLASS_REST; id++) {
		struct vnm_tc_class want = class_of(op, id), is;

		r = vnm_tc_class_get(sys, link->fact.index, root_handle(op) | id, &is);
		if (r < 0)
			return vnm_nl_fail(err, r, NULL, "cannot look at the classes of '%s'",
					   link->fact.name);
		if (is.rate != want.rate || is.ceil != want.ceil || is.buffer != want.buffer ||
		    is.cbuffer != want.cbuffer)
			*ret = VNM_ABSENT;
	}
	return 0;
}

static int classes_set(struct vnm_sys *sys, const struct vnm_op_bandwidth *op, int ifindex,
		       struct vnm_error *err)
{
	uint32_t root = root_handle(op);
	int r = 0;

	for (uint32_t id = VNM_CLASS_ALL; id <= CLASS_REST && r == 0; id++) {
		struct vnm_tc_class class = class_of(op, id);

		r = vnm_tc_class_set(sys, ifindex,
				     id == VNM_CLASS_ALL ? root : root | VNM_CLASS_ALL, root | id,
				     &class, err);
	}
	return r < 0 ? r
		     : vnm_tc_leaf_set(sys, ifindex, root | CLASS_REST, op->fair,
				       vnm_shape_limit(ceil_of(op)), err);
}

static int htb_revert(struct vnm_sys *sys, const struct vnm_op_bandwidth *op,
		      const struct vnm_link *link, struct vnm_error *err)
{
	struct vnm_tc_qdisc qdisc;
	int r = look_at_root(sys, link, &qdisc, err);

	if (r < 0 || !is_ours(&qdisc, op))
		return r;
	return vnm_tc_qdisc_del(sys, link->fact.index, TC_H_ROOT, qdisc.handle, err);
}

/* One that sends packets elsewhere than to its class 2 is not worth changing: it is made anew. */
static int htb_apply(struct vnm_sys *sys, const struct vnm_op_bandwidth *op,
		     const struct vnm_link *link, struct vnm_error *err)
{
	struct vnm_tc_qdisc qdisc;
	bool made;
	int r = look_at_root(sys, link, &qdisc, err);

	if (r < 0)
		return r;
	if (qdisc.kind[0] && !is_ours(&qdisc, op))
		return refuse_queue(link, &qdisc, "root", err);
	made = !qdisc.kind[0] || qdisc.defcls != CLASS_REST;
	if (made && qdisc.kind[0])
		r = htb_revert(sys, op, link, err);
	if (made && r == 0)
		r = vnm_tc_htb_add(sys, link->fact.index, root_handle(op), err);
	if (r < 0)
		return r;
	r = classes_set(sys, op, link->fact.index, err);
	if (r < 0 && made)
		(void)htb_revert(sys, op, link, &(struct vnm_error){ 0 });
	return r;
}

/* The ifb */

static int ifb_look(struct vnm_sys *sys, const struct vnm_op_bandwidth *op, struct vnm_link *ret,
		    struct vnm_error *err)
{
	int r = vnm_link_look(sys, op->ifb, ret);

	return r < 0 && r != -ENODEV
		       ? vnm_nl_fail(err, r, NULL, "cannot look at device '%s'", op->ifb)
		       : r;
}

static int ifb_make(struct vnm_sys *sys, const struct vnm_op_bandwidth *op, struct vnm_error *err)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC };
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct nlattr *info;
	int r;

	vnm_nl_begin(&req, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof(head));
	vnm_nl_put_str(&req, IFLA_IFNAME, op->ifb);
	vnm_nl_put(&req, IFLA_ADDRESS, op->mac.b, sizeof(op->mac.b));
	vnm_nl_put_u32(&req, IFLA_GROUP, VNM_GROUP_BASE);
	info = vnm_nl_nest(&req, IFLA_LINKINFO);
	vnm_nl_put_str(&req, IFLA_INFO_KIND, "ifb");
	vnm_nl_nest_end(&req, info);
	r = vnm_nl_do(sys, &req, NULL);
	return r < 0 ? vnm_nl_fail(err, r, &req, "cannot create device '%s'", op->ifb) : 0;
}

/* There, ours, limited and up; in this order, so that no packet passes it unlimited. */
static int ifb_apply(struct vnm_sys *sys, const struct vnm_op_bandwidth *op, struct vnm_link *ret,
		     struct vnm_error *err)
{
	int r = ifb_look(sys, op, ret, err);

	if (r == -ENODEV) {
		r = ifb_make(sys, op, err);
		if (r == 0)
			r = vnm_link_need(sys, op->ifb, ret, err);
	}
	if (r < 0)
		return r;
	if (!is_our_ifb(ret, op))
		return refuse_ifb(ret, err);
	r = htb_apply(sys, op, ret, err);
	if (r < 0 || ret->fact.up)
		return r;
	return vnm_link_set_flags(sys, ret, IFF_UP, IFF_UP, err);
}

static int ifb_check(struct vnm_sys *sys, const struct vnm_op_bandwidth *op, struct vnm_link *link,
		     enum vnm_presence *ret, struct vnm_error *err)
{
	int r = ifb_look(sys, op, link, err);

	*ret = r < 0 ? VNM_ABSENT : VNM_FOREIGN;
	if (r < 0)
		return r == -ENODEV ? 0 : r;
	if (!is_our_ifb(link, op))
		return 0;
	r = htb_check(sys, op, link, ret, err);
	if (*ret == VNM_PRESENT && !link->fact.up)
		*ret = VNM_ABSENT;
	return r;
}

static int ifb_revert(struct vnm_sys *sys, const struct vnm_op_bandwidth *op, struct vnm_error *err)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC };
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct vnm_link link;
	int r = ifb_look(sys, op, &link, err);

	if (r < 0 || !is_our_ifb(&link, op))
		return r == -ENODEV ? 0 : r;
	head.ifi_index = link.fact.index;
	vnm_nl_begin(&req, RTM_DELLINK, 0, &head, sizeof(head));
	r = vnm_nl_do(sys, &req, NULL);
	return r < 0 && r != -ENODEV
		       ? vnm_nl_fail(err, r, &req, "cannot delete device '%s'", op->ifb)
		       : 0;
}

/* The ingress queue and its filter */

/** struct ingress - @theirs: it, or something at it, is somebody else's. */
struct ingress {
	struct vnm_tc_qdisc qdisc;
	struct vnm_tc_filters filters;
	bool theirs;
};

static int look_at_ingress(struct vnm_sys *sys, const struct vnm_op_bandwidth *op,
			   const struct vnm_link *link, struct ingress *ret, struct vnm_error *err)
{
	int r = vnm_tc_qdisc_get(sys, link->fact.index, TC_H_INGRESS, &ret->qdisc);

	if (r == 0)
		r = vnm_tc_filters_get(sys, link->fact.index, op->mark, &ret->filters);
	if (r < 0)
		return vnm_nl_fail(err, r, NULL, "cannot look at the ingress queue of '%s'",
				   link->fact.name);
	ret->theirs = (ret->qdisc.kind[0] && strcmp(ret->qdisc.kind, "ingress") != 0) ||
		      (ret->filters.others && !ret->filters.mine);
	return 0;
}

static struct vnm_tc_target target_of(const struct vnm_op_bandwidth *op, const struct vnm_link *ifb)
{
	uint64_t rate = rate_of(op);

	if (op->shape == VNM_SHAPE_OUT_IFB)
		return (struct vnm_tc_target){ .ifindex = ifb->fact.index };
	return (struct vnm_tc_target){
		.rate = rate,
		.burst = vnm_tc_ticks(vnm_op_police_burst(op) * 1024ull, rate),
	};
}

static bool same_target(const struct vnm_tc_target *a, const struct vnm_tc_target *b)
{
	return a->ifindex == b->ifindex && a->rate == b->rate && a->burst == b->burst;
}

static int ingress_apply(struct vnm_sys *sys, const struct vnm_op_bandwidth *op,
			 const struct vnm_link *link, const struct vnm_tc_target *target,
			 struct vnm_error *err)
{
	int ifindex = link->fact.index;
	struct ingress is;
	int r = look_at_ingress(sys, op, link, &is, err);

	if (r < 0)
		return r;
	if (is.theirs)
		return refuse_queue(link, &is.qdisc, "ingress", err);
	if (!is.qdisc.kind[0])
		r = vnm_tc_ingress_add(sys, ifindex, err);
	else if (is.filters.mine && same_target(&is.filters.target, target))
		return 0;
	if (r == 0 && is.filters.mine)
		r = vnm_tc_filter_del(sys, ifindex, op->mark, err);
	return r < 0 ? r : vnm_tc_filter_add(sys, ifindex, op->mark, target, err);
}

/* A filter of somebody else at our queue keeps it. */
static int ingress_revert(struct vnm_sys *sys, const struct vnm_op_bandwidth *op,
			  const struct vnm_link *link, struct vnm_error *err)
{
	struct ingress is;
	int r = look_at_ingress(sys, op, link, &is, err);

	if (r < 0 || is.theirs || !is.qdisc.kind[0])
		return r;
	if (is.filters.others)
		return vnm_tc_filter_del(sys, link->fact.index, op->mark, err);
	return vnm_tc_qdisc_del(sys, link->fact.index, TC_H_INGRESS, is.qdisc.handle, err);
}

/* Somebody may have switched it on since the limit was made: Docker does, for one. */
static bool hides_packets(const struct vnm_op_bandwidth *op, const struct vnm_link *link)
{
	return op->shape == VNM_SHAPE_OUT_IFB && strcmp(link->fact.kind, "bridge") == 0 &&
	       vnm_limit_needed();
}

static int refuse_hiding(const struct vnm_op_bandwidth *op, struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_STATE, EBUSY,
			     "the outbound bandwidth of '%s' leads packets through '%s', where NAT "
			     "loses them since net.bridge.bridge-nf-call-iptables is on: stop the "
			     "network and start it, or switch that off",
			     op->dev, op->ifb);
}

static int out_check(struct vnm_sys *sys, const struct vnm_op_bandwidth *op,
		     const struct vnm_link *link, enum vnm_presence *ret, struct vnm_error *err)
{
	struct vnm_link ifb = { 0 };
	struct vnm_tc_target target;
	struct ingress is;
	int r = look_at_ingress(sys, op, link, &is, err);

	if (r < 0)
		return r;
	*ret = is.theirs ? VNM_FOREIGN : VNM_PRESENT;
	if (*ret == VNM_PRESENT && op->shape == VNM_SHAPE_OUT_IFB)
		r = ifb_check(sys, op, &ifb, ret, err);
	if (*ret == VNM_PRESENT && hides_packets(op, link))
		*ret = VNM_ABSENT;
	target = target_of(op, &ifb);
	if (*ret == VNM_PRESENT && !(is.filters.mine && same_target(&is.filters.target, &target)))
		*ret = VNM_ABSENT;
	return r;
}

static int out_apply(struct vnm_sys *sys, const struct vnm_op_bandwidth *op,
		     const struct vnm_link *link, struct vnm_error *err)
{
	struct vnm_link ifb = { 0 };
	struct vnm_tc_target target;
	int r = 0;

	if (op->shape == VNM_SHAPE_OUT_IFB)
		r = ifb_apply(sys, op, &ifb, err);
	target = target_of(op, &ifb);
	return r < 0 ? r : ingress_apply(sys, op, link, &target, err);
}

/* The bridge need not be there yet. @ret_there: it is. */
static int look(struct vnm_sys *sys, const struct vnm_op_bandwidth *op, struct vnm_link *ret,
		bool *ret_there, struct vnm_error *err)
{
	int r = vnm_link_look(sys, op->dev, ret);

	*ret_there = r == 0;
	return r < 0 && r != -ENODEV
		       ? vnm_nl_fail(err, r, NULL, "cannot look at device '%s'", op->dev)
		       : 0;
}

static int prepare_queues(struct vnm_sys *sys, const struct vnm_op_bandwidth *op,
			  const struct vnm_link *link, struct vnm_error *err)
{
	struct ingress is;
	int r;

	if (op->shape == VNM_SHAPE_IN) {
		r = look_at_root(sys, link, &is.qdisc, err);
		if (r == 0 && is.qdisc.kind[0] && !is_ours(&is.qdisc, op))
			r = refuse_queue(link, &is.qdisc, "root", err);
		return r;
	}
	r = look_at_ingress(sys, op, link, &is, err);
	return r == 0 && is.theirs ? refuse_queue(link, &is.qdisc, "ingress", err) : r;
}

static int bandwidth_prepare(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_bandwidth *want = &op->bandwidth;
	struct vnm_link link;
	bool there;
	int r = vnm_shape_possible(sys, want, err);

	if (r == 0)
		r = look(sys, want, &link, &there, err);
	if (r == 0 && there && want->shape != VNM_SHAPE_OUT_NFT)
		r = prepare_queues(sys, want, &link, err);
	if (r == 0 && there && hides_packets(want, &link))
		r = refuse_hiding(want, err);
	if (r < 0 || want->shape != VNM_SHAPE_OUT_IFB)
		return r;
	r = ifb_look(sys, want, &link, err);
	if (r == 0 && !is_our_ifb(&link, want))
		return refuse_ifb(&link, err);
	return r == -ENODEV ? 0 : r;
}

static int bandwidth_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
			   struct vnm_error *err)
{
	struct vnm_link link;
	bool there;
	int r = look(sys, &op->bandwidth, &link, &there, err);

	*ret = VNM_ABSENT;
	if (r < 0 || !there)
		return r;
	if (op->bandwidth.shape == VNM_SHAPE_IN)
		return htb_check(sys, &op->bandwidth, &link, ret, err);
	if (op->bandwidth.shape == VNM_SHAPE_OUT_NFT)
		return vnm_limit_check(&op->bandwidth, ret, err);
	return out_check(sys, &op->bandwidth, &link, ret, err);
}

static int bandwidth_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_bandwidth *want = &op->bandwidth;
	struct vnm_link link;
	bool there;
	int r;

	if (want->shape == VNM_SHAPE_OUT_NFT)
		return vnm_limit_revert(want, err);
	r = look(sys, want, &link, &there, err);
	if (r == 0 && there)
		r = want->shape == VNM_SHAPE_IN ? htb_revert(sys, want, &link, err)
						: ingress_revert(sys, want, &link, err);
	if (r < 0 || want->shape != VNM_SHAPE_OUT_IFB)
		return r;
	return ifb_revert(sys, want, err);
}

/* What was in effect before, and is ours, is not taken away because it cannot be changed. */
static int bandwidth_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_bandwidth *want = &op->bandwidth;
	struct ingress before = { 0 };
	struct vnm_link link;
	int r = vnm_link_need(sys, want->dev, &link, err);

	if (r < 0)
		return r;
	if (want->shape == VNM_SHAPE_IN)
		return htb_apply(sys, want, &link, err);
	if (want->shape == VNM_SHAPE_OUT_NFT)
		return vnm_limit_apply(want, err);
	r = look_at_ingress(sys, want, &link, &before, err);
	if (r == 0 && before.theirs)
		r = refuse_queue(&link, &before.qdisc, "ingress", err);
	if (r < 0)
		return r;
	r = out_apply(sys, want, &link, err);
	if (r < 0 && !before.filters.mine)
		(void)bandwidth_revert(sys, op, &(struct vnm_error){ 0 });
	return r;
}

/* The same marks with other rates; the names of what is ours are the same. */
static int bandwidth_change(struct vnm_sys *sys, const struct vnm_op *old, const struct vnm_op *new,
			    struct vnm_error *err)
{
	(void)old;
	return bandwidth_apply(sys, new, err);
}

const struct vnm_op_impl vnm_impl_bandwidth = {
	.prepare = bandwidth_prepare,
	.apply = bandwidth_apply,
	.check = bandwidth_check,
	.revert = bandwidth_revert,
	.change = bandwidth_change,
};
