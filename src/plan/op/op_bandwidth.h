/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_bandwidth.h - values derived from the limit of a device's traffic. */
#ifndef VNM_PLAN_OP_BANDWIDTH_H
#define VNM_PLAN_OP_BANDWIDTH_H

#include "plan/op/op_types.h"

uint32_t vnm_op_police_burst(const struct vnm_op_bandwidth *op);	/* 1024 bytes */
uint64_t vnm_op_rest(const struct vnm_op_bandwidth *op); /* 1000 bytes a second */

#endif
