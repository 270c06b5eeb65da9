/* SPDX-License-Identifier: GPL-2.0-or-later */
/* facts_assume.h - the facts that would be observed after a plan was applied: for dry runs. Pure. */
#ifndef VNM_PLAN_FACTS_ASSUME_H
#define VNM_PLAN_FACTS_ASSUME_H

#include "plan/facts.h"
#include "plan/op/op.h"

void vnm_facts_assume(struct vnm_facts *facts, const struct vnm_plan *plan);

#endif
