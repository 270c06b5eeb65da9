/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tc.h - queues, classes and filters of a device: the messages of traffic control. For shape.c and floor.c. */
#ifndef VNM_SYS_TC_H
#define VNM_SYS_TC_H

#include "plan/op/op.h"
#include "sys/sys.h"

/** struct vnm_tc_qdisc - @kind "" when the device has none but the kernel's own. */
struct vnm_tc_qdisc {
	char kind[16];
	uint32_t handle;
	uint32_t defcls; /* of an HTB */
};

/** struct vnm_tc_class - an HTB class: bytes a second, and how far it may run ahead, in ticks of 64 ns. */
struct vnm_tc_class {
	uint64_t rate, ceil;
	uint32_t buffer, cbuffer;
};

/** struct vnm_tc_target - where a filter sends packets: to @ifindex, or, when that is 0, past a police. */
struct vnm_tc_target {
	int ifindex;
	uint64_t rate;
	uint32_t burst; /* in ticks */
};

/**
 * struct vnm_tc_filters - what hangs at a device's ingress.
 * @mine:   a filter with our number
 * @target: where it sends packets
 * @others: filters of somebody else
 */
struct vnm_tc_filters {
	uint16_t mark;
	bool mine, others;
	struct vnm_tc_target target;
};

uint32_t vnm_tc_ticks(uint64_t bytes, uint64_t rate);

int vnm_tc_qdisc_get(struct vnm_sys *sys, int ifindex, uint32_t parent, struct vnm_tc_qdisc *ret);
int vnm_tc_class_get(struct vnm_sys *sys, int ifindex, uint32_t id, struct vnm_tc_class *ret);
int vnm_tc_filters_get(struct vnm_sys *sys, int ifindex, uint16_t mark, struct vnm_tc_filters *ret);

int vnm_tc_htb_add(struct vnm_sys *sys, int ifindex, uint32_t handle, struct vnm_error *err);
int vnm_tc_class_set(struct vnm_sys *sys, int ifindex, uint32_t parent, uint32_t id,
		     const struct vnm_tc_class *class, struct vnm_error *err);
int vnm_tc_class_del(struct vnm_sys *sys, int ifindex, uint32_t id, struct vnm_error *err);
int vnm_tc_leaf_set(struct vnm_sys *sys, int ifindex, uint32_t parent, bool fair, uint32_t limit,
		    struct vnm_error *err);
int vnm_tc_ingress_add(struct vnm_sys *sys, int ifindex, struct vnm_error *err);
int vnm_tc_qdisc_del(struct vnm_sys *sys, int ifindex, uint32_t parent, uint32_t handle,
		     struct vnm_error *err);
int vnm_tc_filter_add(struct vnm_sys *sys, int ifindex, uint16_t mark,
		      const struct vnm_tc_target *target, struct vnm_error *err);
int vnm_tc_filter_del(struct vnm_sys *sys, int ifindex, uint16_t mark, struct vnm_error *err);

/* tc_probe.c - what the kernel has, found out by requests that it must refuse */
bool vnm_tc_has_qdisc(struct vnm_sys *sys, const char *kind);
bool vnm_tc_has_action(struct vnm_sys *sys, const char *kind, bool otherwise);
bool vnm_tc_has_ifb(struct vnm_sys *sys);

#endif
