/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan.h - a definition and the facts of the host become a list of operations. Pure: decides all, does nothing. */
#ifndef VNM_PLAN_PLAN_H
#define VNM_PLAN_PLAN_H

#include "plan/op/op.h"
#include "plan/plan_input.h"
#include "util/error.h"

int vnm_plan_start(const struct vnm_plan_input *in, struct vnm_plan *ret, struct vnm_error *err);

#endif
