/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_print.h - what the files that print plans share. Not for others. */
#ifndef VNM_PLAN_PLAN_PRINT_H
#define VNM_PLAN_PLAN_PRINT_H

#include "plan/op/op.h"

void vnm_print_guest(const struct vnm_op *op, bool undo, struct vnm_buf *out);
void vnm_describe_guest(const struct vnm_op *op, struct vnm_buf *out);

#endif
