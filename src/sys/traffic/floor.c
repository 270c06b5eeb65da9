/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * floor.c - the guaranteed rate of one guest, of its network's inbound rate.
 *
 * A class of its own in the shaper of the bridge (sys/traffic/shaper.c), and a filter that classifies frames to the guest's
 * MAC address into it. The shaper is ours, and so are its classes and filters: this class has the port's minor number, and
 * the filter the same number as its preference. Without the shaper there is neither, and nothing to revert.
 */
#include "sys/op_impl.h"

#include <errno.h>
#include <linux/pkt_sched.h>

#include "sys/link/link.h"
#include "sys/traffic/shaper.h"
#include "sys/traffic/tc_class.h"
#include "sys/traffic/tc_filter.h"

static uint32_t class_of(const struct vnm_op_floor *op)
{
	return TC_H_MAKE((uint32_t)op->handle << 16, op->class_id);
}

static struct vnm_tc_class rates_of(const struct vnm_op_floor *op)
{
	return vnm_shaper_rates(op->rate * 1000ull, op->ceil * 1000ull);
}

static struct vnm_tc_filter filter_of(const struct vnm_op_floor *op)
{
	return (struct vnm_tc_filter){ .to = op->mac, .class_id = class_of(op) };
}

static struct vnm_tc_place place_of(const struct vnm_op_floor *op, int ifindex)
{
	return (struct vnm_tc_place){ ifindex, TC_H_MAJ(class_of(op)), op->class_id };
}

/* @ret_there: there is a shaper of ours. */
static int find_shaper(struct vnm_sys *sys, const struct vnm_op_floor *op, struct vnm_link *link,
		       bool *ret_there, struct vnm_error *err)
{
	struct vnm_tc_qdisc qdisc;
	enum vnm_presence is;
	int r = vnm_link_read(sys, op->dev, link);

	*ret_there = false;
	if (r == -ENODEV)
		return 0;
	if (r < 0)
		return vnm_nl_fail(err, r, NULL, "cannot inspect device '%s'", op->dev);
	r = vnm_shaper_find(sys, link, op->handle, &qdisc, &is, err);
	*ret_there = r == 0 && is == VNM_PRESENT;
	return r;
}

static int filters_get(struct vnm_sys *sys, const struct vnm_op_floor *op, int ifindex,
		       struct vnm_tc_filters *ret, struct vnm_error *err)
{
	struct vnm_tc_place place = place_of(op, ifindex);
	int r = vnm_tc_filters_get(sys, &place, ret);

	return r < 0 ? vnm_nl_fail(err, r, NULL, "cannot read the filters of '%s'", op->dev) : 0;
}

static int floor_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
		       struct vnm_error *err)
{
	struct vnm_tc_class want = rates_of(&op->floor), is = { 0 };
	struct vnm_tc_filter filter = filter_of(&op->floor);
	struct vnm_tc_filters filters;
	struct vnm_link link;
	bool there;
	int r = find_shaper(sys, &op->floor, &link, &there, err);

	*ret = VNM_ABSENT;
	if (r < 0 || !there)
		return r;
	r = vnm_tc_class_get(sys, link.fact.index, class_of(&op->floor), &is);
	if (r < 0)
		return vnm_nl_fail(err, r, NULL, "cannot read the classes of '%s'", op->floor.dev);
	r = filters_get(sys, &op->floor, link.fact.index, &filters, err);
	if (r == 0 && filters.ours && vnm_tc_filter_equal(&filters.filter, &filter) &&
	    vnm_tc_class_equal(&is, &want))
		*ret = VNM_PRESENT;
	return r;
}

static int floor_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	struct vnm_tc_place place;
	struct vnm_link link;
	bool there;
	int r = find_shaper(sys, &op->floor, &link, &there, err);

	if (r < 0 || !there)
		return r;
	place = place_of(&op->floor, link.fact.index);
	r = vnm_tc_filter_del(sys, &place, err);
	return r < 0 ? r : vnm_tc_class_del(sys, link.fact.index, class_of(&op->floor), err);
}

static int floor_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	struct vnm_tc_class rates = rates_of(&op->floor);
	struct vnm_tc_filter filter = filter_of(&op->floor);
	struct vnm_tc_filters filters;
	struct vnm_link link;
	bool there;
	int r = find_shaper(sys, &op->floor, &link, &there, err);

	if (r < 0)
		return r;
	if (!there)
		return vnm_error_set(err, VNM_ERR_NO_DEVICE, ENOENT,
				     "device '%s' has lost the queue that a floor is a part of; "
				     "make it again: vnetmgr net-repair",
				     op->floor.dev);
	r = vnm_shaper_part_set(sys, link.fact.index, class_of(&op->floor), &rates, op->floor.fair,
				err);
	if (r == 0)
		r = filters_get(sys, &op->floor, link.fact.index, &filters, err);
	if (r == 0)
		r = vnm_tc_filter_set(sys, &filters, &filter, err);
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
