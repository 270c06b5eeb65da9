/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bandwidth.c - limits of a bridge's or a guest's traffic, each direction by itself.
 *
 * Inbound: a shaper, the HTB at the device's root. Outbound: an ingress qdisc with one filter that matches every packet,
 * and either polices it, or redirects it to an ifb device with a shaper of its own; or no qdisc, but a policer of
 * nf_tables (nft_policer.c).
 *
 * Ownership. The device may be foreign, with qdiscs of its own; those are never touched. Our objects carry the number of
 * the operation: the HTB as its handle, the filter as its preference, the table of nf_tables in its name. All ingress
 * qdiscs have the same handle: one counts as ours when it has no filter but ours, or none, as after a kill between the
 * two; an empty one has no effect.
 *
 * Every step first reads the current state, so applying again repairs what is damaged, and changes rates in place
 * without losing packets.
 */
#include "sys/traffic/bandwidth.h"

#include <errno.h>
#include <string.h>

#include "plan/op/op_bandwidth.h"
#include "sys/host/kmod.h"
#include "sys/link/link.h"
#include "sys/link/link_kind.h"
#include "sys/traffic/ifb.h"
#include "sys/traffic/nft_policer.h"
#include "sys/traffic/shaper.h"
#include "sys/traffic/tc.h"
#include "sys/traffic/tc_filter.h"
#include "sys/traffic/tc_probe.h"
#include "sys/traffic/tc_qdisc.h"

/* Kernel support */

static int missing(const struct vnm_op_bandwidth *op, const char *what, const char *option,
		   struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_UNSUPPORTED, EOPNOTSUPP,
			     "cannot limit the bandwidth of '%s': the kernel has no %s (%s); leave "
			     "<bandwidth> out, or %s",
			     op->dev, what, option,
			     vnm_kmod_disabled()
				     ? "have its module loaded at the next boot "
				       "(/etc/modules-load.d/): kernel.modules_disabled is 1, so "
				       "nothing can be loaded now"
				     : "use a kernel with it");
}

static bool has_ifb(struct vnm_sys *sys, const struct vnm_op_bandwidth *op)
{
	return vnm_link_kind_need(sys, "ifb", op->ifb, &(struct vnm_error){ 0 }) == 0;
}

static int need_kernel(struct vnm_sys *sys, const struct vnm_op_bandwidth *op,
		       struct vnm_error *err)
{
	bool police = op->shape == VNM_SHAPE_OUT_POLICE;

	if (op->shape == VNM_SHAPE_OUT_NFT)
		return vnm_nft_policer_possible()
			       ? 0
			       : missing(op, "police, and no limits by nf_tables either",
					 "CONFIG_NET_ACT_POLICE, or CONFIG_NF_TABLES_NETDEV with "
					 "CONFIG_NFT_LIMIT",
					 err);
	if (!police && !vnm_tc_has_qdisc(sys, "htb"))
		return missing(op, "HTB queue", "CONFIG_NET_SCH_HTB", err);
	if (op->fair && !vnm_tc_has_qdisc(sys, "sfq"))
		return missing(op, "SFQ queue", "CONFIG_NET_SCH_SFQ", err);
	if (op->shape == VNM_SHAPE_IN)
		return 0;
	if (!vnm_tc_has_qdisc(sys, "ingress"))
		return missing(op, "ingress queue", "CONFIG_NET_SCH_INGRESS", err);
	if (police)
		return vnm_tc_has_action(sys, "police", true)
			       ? 0
			       : missing(op, "police", "CONFIG_NET_ACT_POLICE", err);
	if (!vnm_tc_has_action(sys, "mirred", true))
		return missing(op, "redirecting action, and no police either",
			       "CONFIG_NET_ACT_MIRRED or CONFIG_NET_ACT_POLICE", err);
	return has_ifb(sys, op) ? 0
				: missing(op, "ifb device, and no police either",
					  "CONFIG_IFB or CONFIG_NET_ACT_POLICE", err);
}

/**
 * vnm_observe_bandwidth() - probe for shapers and policers; only needed when something is to be limited
 * @sys:   the handles
 * @facts: gets the answers
 */
void vnm_observe_bandwidth(struct vnm_sys *sys, struct vnm_facts *facts)
{
	facts->bridge_nf = vnm_ifb_loses_nat();
	facts->police = vnm_tc_has_action(sys, "police", false);
	facts->sfq = vnm_tc_has_qdisc(sys, "sfq");
}

/* The ingress qdisc and its filter */

/** struct ingress - the current state. @theirs: the qdisc, or a filter at it, is foreign, and none is ours */
struct ingress {
	struct vnm_tc_qdisc qdisc;
	struct vnm_tc_filters filters;
	bool theirs;
};

static int ingress_get(struct vnm_sys *sys, const struct vnm_link *link, uint16_t preference,
		       struct ingress *ret, struct vnm_error *err)
{
	struct vnm_tc_place place = { link->fact.index, VNM_TC_INGRESS, preference };
	int r = vnm_tc_qdisc_get(sys, link->fact.index, TC_H_INGRESS, &ret->qdisc);

	if (r == 0)
		r = vnm_tc_filters_get(sys, &place, &ret->filters);
	if (r < 0)
		return vnm_nl_fail(err, r, NULL, "cannot read the ingress queue of '%s'",
				   link->fact.name);
	ret->theirs = (ret->qdisc.kind[0] && strcmp(ret->qdisc.kind, "ingress") != 0) ||
		      (ret->filters.others && !ret->filters.ours);
	return 0;
}

/* As ingress_get(), but refuses a foreign one. */
static int ingress_need(struct vnm_sys *sys, const struct vnm_link *link, uint16_t preference,
			struct ingress *ret, struct vnm_error *err)
{
	int r = ingress_get(sys, link, preference, ret, err);

	return r == 0 && ret->theirs
		       ? vnm_tc_qdisc_foreign(&ret->qdisc, link->fact.name, TC_H_INGRESS, err)
		       : r;
}

/* @is: the current state. */
static int ingress_set(struct vnm_sys *sys, const struct ingress *is,
		       const struct vnm_tc_filter *want, struct vnm_error *err)
{
	int r = 0;

	if (!is->qdisc.kind[0])
		r = vnm_tc_ingress_add(sys, is->filters.place.ifindex, err);
	return r < 0 ? r : vnm_tc_filter_set(sys, &is->filters, want, err);
}

/* The qdisc stays if it has a foreign filter. */
static int ingress_revert(struct vnm_sys *sys, const struct vnm_link *link, uint16_t preference,
			  struct vnm_error *err)
{
	struct ingress is;
	int r = ingress_get(sys, link, preference, &is, err);

	if (r < 0 || is.theirs || !is.qdisc.kind[0])
		return r;
	if (is.filters.others)
		return vnm_tc_filter_del(sys, &is.filters.place, err);
	return vnm_tc_qdisc_del(sys, link->fact.index, TC_H_INGRESS, is.qdisc.handle, err);
}

/* Outbound */

/* A policer; for VNM_SHAPE_OUT_IFB, a redirection of all packets to @ifb. */
static struct vnm_tc_filter filter_of(const struct vnm_op_bandwidth *op, const struct vnm_link *ifb)
{
	uint64_t rate = op->average * 1000ull;

	if (op->shape == VNM_SHAPE_OUT_IFB)
		return (struct vnm_tc_filter){ .ifindex = ifb->fact.index };
	return (struct vnm_tc_filter){
		.rate = rate,
		.burst = vnm_tc_ticks(vnm_op_police_burst(op) * 1024ull, rate),
	};
}

/* Another program, such as Docker, may have turned it on since the limit was set. */
static bool loses_nat(const struct vnm_op_bandwidth *op, const struct vnm_link *link)
{
	return op->shape == VNM_SHAPE_OUT_IFB && strcmp(link->fact.kind, "bridge") == 0 &&
	       vnm_ifb_loses_nat();
}

static int refuse_loss(const struct vnm_op_bandwidth *op, struct vnm_error *err)
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
	struct vnm_tc_filter want;
	struct ingress is;
	int r = ingress_get(sys, link, op->handle, &is, err);

	if (r < 0)
		return r;
	*ret = is.theirs ? VNM_FOREIGN : VNM_PRESENT;
	if (*ret == VNM_PRESENT && op->shape == VNM_SHAPE_OUT_IFB)
		r = vnm_ifb_check(sys, op, &ifb, ret, err);
	want = filter_of(op, &ifb);
	if (*ret == VNM_PRESENT && (loses_nat(op, link) || !is.filters.ours ||
				    !vnm_tc_filter_equal(&is.filters.filter, &want)))
		*ret = VNM_ABSENT;
	return r;
}

static int out_set(struct vnm_sys *sys, const struct vnm_op_bandwidth *op, const struct ingress *is,
		   struct vnm_error *err)
{
	struct vnm_link ifb = { 0 };
	struct vnm_tc_filter want;
	int r = 0;

	if (op->shape == VNM_SHAPE_OUT_IFB)
		r = vnm_ifb_apply(sys, op, &ifb, err);
	want = filter_of(op, &ifb);
	return r < 0 ? r : ingress_set(sys, is, &want, err);
}

/* The operation */

/* The bridge need not exist yet. @ret_there: it does. */
static int find_device(struct vnm_sys *sys, const struct vnm_op_bandwidth *op, struct vnm_link *ret,
		       bool *ret_there, struct vnm_error *err)
{
	int r = vnm_link_read(sys, op->dev, ret);

	*ret_there = r == 0;
	return r < 0 && r != -ENODEV
		       ? vnm_nl_fail(err, r, NULL, "cannot inspect device '%s'", op->dev)
		       : 0;
}

static int prepare_device(struct vnm_sys *sys, const struct vnm_op_bandwidth *op,
			  const struct vnm_link *link, struct vnm_error *err)
{
	struct ingress is;
	int r;

	if (op->shape == VNM_SHAPE_OUT_NFT)
		return 0;
	if (op->shape == VNM_SHAPE_IN)
		return vnm_shaper_prepare(sys, op, link, err);
	r = ingress_need(sys, link, op->handle, &is, err);
	return r == 0 && loses_nat(op, link) ? refuse_loss(op, err) : r;
}

static int bandwidth_prepare(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_bandwidth *want = &op->bandwidth;
	struct vnm_link link;
	bool there;
	int r = need_kernel(sys, want, err);

	if (r == 0)
		r = find_device(sys, want, &link, &there, err);
	if (r == 0 && there)
		r = prepare_device(sys, want, &link, err);
	return r < 0 || want->shape != VNM_SHAPE_OUT_IFB ? r : vnm_ifb_prepare(sys, want, err);
}

static int bandwidth_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
			   struct vnm_error *err)
{
	const struct vnm_op_bandwidth *want = &op->bandwidth;
	struct vnm_link link;
	bool there;
	int r = find_device(sys, want, &link, &there, err);

	*ret = VNM_ABSENT;
	if (r < 0 || !there)
		return r;
	if (want->shape == VNM_SHAPE_IN)
		return vnm_shaper_check(sys, want, &link, ret, err);
	if (want->shape == VNM_SHAPE_OUT_NFT)
		return vnm_nft_policer_check(want, ret, err);
	return out_check(sys, want, &link, ret, err);
}

static int bandwidth_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_bandwidth *want = &op->bandwidth;
	struct vnm_link link;
	bool there;
	int r;

	if (want->shape == VNM_SHAPE_OUT_NFT)
		return vnm_nft_policer_revert(want, err);
	r = find_device(sys, want, &link, &there, err);
	if (r == 0 && there)
		r = want->shape == VNM_SHAPE_IN ? vnm_shaper_revert(sys, want, &link, err)
						: ingress_revert(sys, &link, want->handle, err);
	return r < 0 || want->shape != VNM_SHAPE_OUT_IFB ? r : vnm_ifb_revert(sys, want, err);
}

/* If a limit cannot be changed the previous one stays in effect. */
static int bandwidth_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_bandwidth *want = &op->bandwidth;
	struct ingress before;
	struct vnm_link link;
	int r = vnm_link_need(sys, want->dev, &link, err);

	if (r < 0)
		return r;
	if (want->shape == VNM_SHAPE_IN)
		return vnm_shaper_apply(sys, want, &link, err);
	if (want->shape == VNM_SHAPE_OUT_NFT)
		return vnm_nft_policer_apply(want, err);
	r = ingress_need(sys, &link, want->handle, &before, err);
	if (r < 0)
		return r;
	r = out_set(sys, want, &before, err);
	if (r < 0 && !before.filters.ours)
		(void)bandwidth_revert(sys, op, &(struct vnm_error){ 0 });
	return r;
}

/* Other rates: handle and names stay. */
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
