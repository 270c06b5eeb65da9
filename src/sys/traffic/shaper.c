/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shaper.c - the HTB that shapes what a device sends.
 *
 * It is the device's root qdisc. Class 1 has all traffic; its children are the guaranteed rates of single guests
 * (sys/traffic/floor.c), and class 2, the default, for everything else. The HTB is ours by its handle.
 */
#include "sys/traffic/shaper.h"

#include <linux/pkt_sched.h>
#include <string.h>

#include "plan/op/op_bandwidth.h"
#include "sys/traffic/tc.h"

#define CLASS_ALL 1u
#define CLASS_REST 2u

/* The default burst of a class: what is sent in the kernel's timer latency, and one packet. */
#define LATE_PER_SECOND 100
#define PACKET 1600

/* The queue's limit: a fifth of a second's traffic, at least four packets of the largest size. */
#define WAIT_PER_SECOND 5
#define WAIT_MIN (4u * 65536)
#define WAIT_MAX (1u << 30)

static uint32_t root_of(uint16_t handle)
{
	return TC_H_MAKE((uint32_t)handle << 16, 0);
}

/**
 * vnm_shaper_rates() - a class with default bursts
 * @rate: guaranteed, in bytes a second
 * @ceil: the most
 */
struct vnm_tc_class vnm_shaper_rates(uint64_t rate, uint64_t ceil)
{
	uint64_t burst = rate / LATE_PER_SECOND + PACKET, cburst = ceil / LATE_PER_SECOND + PACKET;

	return (struct vnm_tc_class){ rate, ceil, vnm_tc_ticks(burst, rate),
				      vnm_tc_ticks(cburst, ceil) };
}

/* Without a peak, a burst is sent at any speed, as through a policer. */
static struct vnm_tc_class class_of(const struct vnm_op_bandwidth *op, uint32_t minor)
{
	uint64_t average = minor == CLASS_REST ? vnm_op_rest(op) : op->average;
	uint64_t rate = average * 1000ull, ceil = (op->peak ? op->peak : op->average) * 1000ull;
	struct vnm_tc_class class = vnm_shaper_rates(rate, ceil);

	if (op->burst && minor == CLASS_REST)
		class.buffer = vnm_tc_ticks(op->burst * 1024ull, rate);
	if (op->burst && minor == CLASS_REST && !op->peak)
		class.cbuffer = vnm_tc_ticks(op->burst * 1024ull, ceil);
	return class;
}

/* The queue's limit in bytes, at @ceil bytes a second. */
static uint32_t backlog(uint64_t ceil)
{
	uint64_t limit = ceil / WAIT_PER_SECOND;

	return limit < WAIT_MIN ? WAIT_MIN : limit > WAIT_MAX ? WAIT_MAX : (uint32_t)limit;
}

/**
 * vnm_shaper_find() - is the root qdisc of a device our HTB?
 * @sys:    the handles
 * @link:   the device
 * @handle: of the HTB
 * @qdisc:  gets the root qdisc
 * @ret:    the answer
 * @err:    the error
 *
 * Return: 0 or -errno.
 */
int vnm_shaper_find(struct vnm_sys *sys, const struct vnm_link *link, uint16_t handle,
		    struct vnm_tc_qdisc *qdisc, enum vnm_presence *ret, struct vnm_error *err)
{
	int r = vnm_tc_qdisc_get(sys, link->fact.index, TC_H_ROOT, qdisc);
	bool ours = strcmp(qdisc->kind, "htb") == 0 && qdisc->handle == root_of(handle);

	*ret = ours ? VNM_PRESENT : qdisc->kind[0] ? VNM_FOREIGN : VNM_ABSENT;
	return r < 0 ? vnm_nl_fail(err, r, NULL, "cannot read the queue of '%s'", link->fact.name)
		     : 0;
}

/** vnm_shaper_prepare() - vnm_op_impl.prepare of a shaper on @link: refuses a foreign root qdisc */
int vnm_shaper_prepare(struct vnm_sys *sys, const struct vnm_op_bandwidth *op,
		       const struct vnm_link *link, struct vnm_error *err)
{
	struct vnm_tc_qdisc qdisc;
	enum vnm_presence is;
	int r = vnm_shaper_find(sys, link, op->handle, &qdisc, &is, err);

	return r == 0 && is == VNM_FOREIGN
		       ? vnm_tc_qdisc_foreign(&qdisc, link->fact.name, TC_H_ROOT, err)
		       : r;
}

/** vnm_shaper_check() - vnm_op_impl.check of a shaper on @link */
int vnm_shaper_check(struct vnm_sys *sys, const struct vnm_op_bandwidth *op,
		     const struct vnm_link *link, enum vnm_presence *ret, struct vnm_error *err)
{
	struct vnm_tc_qdisc qdisc;
	int r = vnm_shaper_find(sys, link, op->handle, &qdisc, ret, err);

	if (r < 0 || *ret != VNM_PRESENT)
		return r;
	if (qdisc.defcls != CLASS_REST)
		*ret = VNM_ABSENT;
	for (uint32_t minor = CLASS_ALL; minor <= CLASS_REST; minor++) {
		struct vnm_tc_class want = class_of(op, minor), is;

		r = vnm_tc_class_get(sys, link->fact.index, qdisc.handle | minor, &is);
		if (r < 0)
			return vnm_nl_fail(err, r, NULL, "cannot read the classes of '%s'",
					   link->fact.name);
		if (!vnm_tc_class_equal(&is, &want))
			*ret = VNM_ABSENT;
	}
	return 0;
}

/**
 * vnm_shaper_part_set() - add a class for a part of the traffic, with its leaf qdisc, or change its rates
 * @sys:     the handles
 * @ifindex: the device
 * @id:      the class: the HTB's handle, and a minor number
 * @rates:   its rates
 * @fair:    an SFQ leaf
 * @err:     the error
 *
 * Return: 0 or -errno.
 */
int vnm_shaper_part_set(struct vnm_sys *sys, int ifindex, uint32_t id,
			const struct vnm_tc_class *rates, bool fair, struct vnm_error *err)
{
	int r = vnm_tc_class_set(sys, ifindex, TC_H_MAJ(id) | CLASS_ALL, id, rates, err);

	return r < 0 ? r : vnm_tc_leaf_set(sys, ifindex, id, fair, backlog(rates->ceil), err);
}

static int classes_set(struct vnm_sys *sys, const struct vnm_op_bandwidth *op, int ifindex,
		       struct vnm_error *err)
{
	struct vnm_tc_class all = class_of(op, CLASS_ALL), rest = class_of(op, CLASS_REST);
	uint32_t root = root_of(op->handle);
	int r = vnm_tc_class_set(sys, ifindex, root, root | CLASS_ALL, &all, err);

	return r < 0 ? r
		     : vnm_shaper_part_set(sys, ifindex, root | CLASS_REST, &rest, op->fair, err);
}

/** vnm_shaper_revert() - vnm_op_impl.revert of a shaper on @link */
int vnm_shaper_revert(struct vnm_sys *sys, const struct vnm_op_bandwidth *op,
		      const struct vnm_link *link, struct vnm_error *err)
{
	struct vnm_tc_qdisc qdisc;
	enum vnm_presence is;
	int r = vnm_shaper_find(sys, link, op->handle, &qdisc, &is, err);

	if (r < 0 || is != VNM_PRESENT)
		return r;
	return vnm_tc_qdisc_del(sys, link->fact.index, TC_H_ROOT, qdisc.handle, err);
}

/**
 * vnm_shaper_apply() - vnm_op_impl.apply of a shaper on @link; an existing one is changed without losing a packet
 *
 * One with another default class is replaced.
 */
int vnm_shaper_apply(struct vnm_sys *sys, const struct vnm_op_bandwidth *op,
		     const struct vnm_link *link, struct vnm_error *err)
{
	struct vnm_tc_qdisc qdisc;
	enum vnm_presence is;
	int r = vnm_shaper_find(sys, link, op->handle, &qdisc, &is, err);
	bool made = is == VNM_ABSENT || qdisc.defcls != CLASS_REST;

	if (r < 0)
		return r;
	if (is == VNM_FOREIGN)
		return vnm_tc_qdisc_foreign(&qdisc, link->fact.name, TC_H_ROOT, err);
	if (made && is == VNM_PRESENT)
		r = vnm_tc_qdisc_del(sys, link->fact.index, TC_H_ROOT, qdisc.handle, err);
	if (made && r == 0)
		r = vnm_tc_htb_add(sys, link->fact.index, root_of(op->handle), CLASS_REST, err);
	if (r < 0)
		return r;
	r = classes_set(sys, op, link->fact.index, err);
	if (r < 0 && made)
		(void)vnm_shaper_revert(sys, op, link, &(struct vnm_error){ 0 });
	return r;
}
