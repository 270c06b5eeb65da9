/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tc_class.h - classes of an HTB. */
#ifndef VNM_SYS_TC_CLASS_H
#define VNM_SYS_TC_CLASS_H

#include "sys/sys.h"

/**
 * struct vnm_tc_class - an HTB class.
 * @rate, @ceil:      guaranteed and most, in bytes a second
 * @buffer, @cbuffer: the bursts at these rates, in ticks of 64 ns
 */
struct vnm_tc_class {
	uint64_t rate, ceil;
	uint32_t buffer, cbuffer;
};

bool vnm_tc_class_equal(const struct vnm_tc_class *a, const struct vnm_tc_class *b);
int vnm_tc_class_get(struct vnm_sys *sys, int ifindex, uint32_t id, struct vnm_tc_class *ret);
int vnm_tc_class_set(struct vnm_sys *sys, int ifindex, uint32_t parent, uint32_t id,
		     const struct vnm_tc_class *class, struct vnm_error *err);
int vnm_tc_class_del(struct vnm_sys *sys, int ifindex, uint32_t id, struct vnm_error *err);

#endif
