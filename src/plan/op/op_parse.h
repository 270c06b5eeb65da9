/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_parse.h - parse operations: strictly what op_text.c writes. */
#ifndef VNM_PLAN_OP_PARSE_H
#define VNM_PLAN_OP_PARSE_H

#include "plan/op/op_types.h"
#include "util/error.h"

int vnm_op_parse(const char *line, struct vnm_op *ret, struct vnm_error *err);

#endif
