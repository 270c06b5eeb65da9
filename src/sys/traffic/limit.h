/* SPDX-License-Identifier: GPL-2.0-or-later */
/* limit.h - what a device receives beyond a rate is dropped, by nf_tables. For shape.c. */
#ifndef VNM_SYS_LIMIT_H
#define VNM_SYS_LIMIT_H

#include "sys/ops.h"

bool vnm_limit_needed(void);
bool vnm_limit_possible(void);
int vnm_limit_check(const struct vnm_op_bandwidth *op, enum vnm_presence *ret,
		    struct vnm_error *err);
int vnm_limit_apply(const struct vnm_op_bandwidth *op, struct vnm_error *err);
int vnm_limit_revert(const struct vnm_op_bandwidth *op, struct vnm_error *err);

#endif
