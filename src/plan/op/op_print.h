/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_print.h - operations as text for users: in messages, and what --dry-run shows. */
#ifndef VNM_PLAN_OP_PRINT_H
#define VNM_PLAN_OP_PRINT_H

#include "plan/op/op.h"
#include "util/buf.h"

void vnm_op_describe(const struct vnm_op *op, struct vnm_buf *out);
void vnm_op_print(const struct vnm_op *op, bool revert, struct vnm_buf *out);
void vnm_plan_print(const struct vnm_plan *plan, bool revert, struct vnm_buf *out);

#endif
