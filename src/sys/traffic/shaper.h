/* SPDX-License-Identifier: GPL-2.0-or-later */
/* shaper.h - the HTB that shapes what a device sends. */
#ifndef VNM_SYS_SHAPER_H
#define VNM_SYS_SHAPER_H

#include "sys/link/link.h"
#include "sys/op_impl.h"
#include "sys/traffic/tc_class.h"
#include "sys/traffic/tc_qdisc.h"

struct vnm_tc_class vnm_shaper_rates(uint64_t rate, uint64_t ceil);
int vnm_shaper_find(struct vnm_sys *sys, const struct vnm_link *link, uint16_t handle,
		    struct vnm_tc_qdisc *qdisc, enum vnm_presence *ret, struct vnm_error *err);
int vnm_shaper_part_set(struct vnm_sys *sys, int ifindex, uint32_t id,
			const struct vnm_tc_class *rates, bool fair, struct vnm_error *err);

int vnm_shaper_prepare(struct vnm_sys *sys, const struct vnm_op_bandwidth *op,
		       const struct vnm_link *link, struct vnm_error *err);
int vnm_shaper_check(struct vnm_sys *sys, const struct vnm_op_bandwidth *op,
		     const struct vnm_link *link, enum vnm_presence *ret, struct vnm_error *err);
int vnm_shaper_apply(struct vnm_sys *sys, const struct vnm_op_bandwidth *op,
		     const struct vnm_link *link, struct vnm_error *err);
int vnm_shaper_revert(struct vnm_sys *sys, const struct vnm_op_bandwidth *op,
		      const struct vnm_link *link, struct vnm_error *err);

#endif
