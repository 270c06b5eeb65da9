/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan_vf.h - the virtual functions that a network's ports have. */
#ifndef VNM_PLAN_PLAN_VF_H
#define VNM_PLAN_PLAN_VF_H

#include "plan/op/op.h"
#include "plan/plan_input.h"

int vnm_plan_vfs(const struct vnm_plan_input *in, struct vnm_plan *plan, struct vnm_error *err);

#endif
