/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_print.h - the rules of a plan in the language of nft(8). */
#ifndef VNM_PLAN_RULES_PRINT_H
#define VNM_PLAN_RULES_PRINT_H

#include "plan/op/op.h"
#include "util/buf.h"

void vnm_rule_print(const struct vnm_op *op, bool revert, struct vnm_buf *out);
bool vnm_rules_print(const struct vnm_plan *plan, bool revert, struct vnm_buf *out);

#endif
