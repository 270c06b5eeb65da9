/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tc_filter.h - u32 filters: which packets of a qdisc, and what becomes of them. */
#ifndef VNM_SYS_TC_FILTER_H
#define VNM_SYS_TC_FILTER_H

#include "sys/sys.h"

/**
 * struct vnm_tc_filter - a filter, with one of three things that it does.
 * @to:       the destination of the frames that it takes; unset: all
 * @class_id: puts them into this class
 * @ifindex:  redirects them to this device
 * @rate:     drops what is beyond so many bytes a second, and
 * @burst:    a burst that lasts so many ticks
 */
struct vnm_tc_filter {
	struct vnm_mac to;
	uint32_t class_id;
	int ifindex;
	uint64_t rate;
	uint32_t burst;
};

/** struct vnm_tc_place - where a filter hangs: at which qdisc of which device, with which preference. */
struct vnm_tc_place {
	int ifindex;
	uint32_t parent;
	uint16_t preference;
};

/**
 * struct vnm_tc_filters - what hangs at a qdisc.
 * @ours:   there is a filter in our place; @filter: that
 * @others: there are other ones; with our preference only, unless the qdisc is an ingress one
 */
struct vnm_tc_filters {
	struct vnm_tc_place place;
	struct vnm_tc_filter filter;
	bool ours, others;
};

bool vnm_tc_filter_equal(const struct vnm_tc_filter *a, const struct vnm_tc_filter *b);
int vnm_tc_filters_get(struct vnm_sys *sys, const struct vnm_tc_place *place,
		       struct vnm_tc_filters *ret);
int vnm_tc_filter_add(struct vnm_sys *sys, const struct vnm_tc_place *place,
		      const struct vnm_tc_filter *filter, struct vnm_error *err);
int vnm_tc_filter_del(struct vnm_sys *sys, const struct vnm_tc_place *place, struct vnm_error *err);

#endif
