/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tc_filter.h - u32 filters. */
#ifndef VNM_SYS_TC_FILTER_H
#define VNM_SYS_TC_FILTER_H

#include "sys/sys.h"

/**
 * struct vnm_tc_filter - a filter; a member that is zero has no effect.
 * @to:       the destination of the frames that it matches; unset: all
 * @class_id: the class that it assigns them to
 * @ifindex:  the device that it redirects them to
 * @rate:     the policer's rate in bytes a second
 * @burst:    its burst in ticks
 */
struct vnm_tc_filter {
	struct vnm_mac to;
	uint32_t class_id;
	int ifindex;
	uint64_t rate;
	uint32_t burst;
};

/** struct vnm_tc_place - the place of a filter: device, qdisc and preference. */
struct vnm_tc_place {
	int ifindex;
	uint32_t parent;
	uint16_t preference;
};

/**
 * struct vnm_tc_filters - the filters of a qdisc.
 * @place:  where ours should be
 * @ours:   there is one: @filter
 * @others: there are others
 */
struct vnm_tc_filters {
	struct vnm_tc_place place;
	struct vnm_tc_filter filter;
	bool ours, others;
};

bool vnm_tc_filter_equal(const struct vnm_tc_filter *a, const struct vnm_tc_filter *b);
int vnm_tc_filters_get(struct vnm_sys *sys, const struct vnm_tc_place *place,
		       struct vnm_tc_filters *ret);
int vnm_tc_filter_set(struct vnm_sys *sys, const struct vnm_tc_filters *is,
		      const struct vnm_tc_filter *want, struct vnm_error *err);
int vnm_tc_filter_del(struct vnm_sys *sys, const struct vnm_tc_place *place, struct vnm_error *err);

#endif
