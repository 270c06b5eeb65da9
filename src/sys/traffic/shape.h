/* SPDX-License-Identifier: GPL-2.0-or-later */
/* shape.h - limits of a bridge's or a guest's traffic: BANDWIDTH. */
#ifndef VNM_SYS_SHAPE_H
#define VNM_SYS_SHAPE_H

#include "sys/ops.h"
#include "sys/traffic/tc.h"

#define VNM_CLASS_ALL 1u /* all traffic; its parts are classes of it */

extern const struct vnm_op_impl vnm_impl_bandwidth;

struct vnm_tc_class vnm_shape_class(uint64_t rate, uint64_t ceil);
uint32_t vnm_shape_limit(uint64_t ceil);

/* shape_kernel.c */
int vnm_shape_possible(struct vnm_sys *sys, const struct vnm_op_bandwidth *op,
		       struct vnm_error *err);
void vnm_observe_bandwidth(struct vnm_sys *sys, struct vnm_facts *facts);

#endif
