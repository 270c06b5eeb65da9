/* SPDX-License-Identifier: GPL-2.0-or-later */
/* facts_assume.h - what would be seen after a plan was carried out: for dry runs. Pure. */
#ifndef VNM_PLAN_FACTS_ASSUME_H
#define VNM_PLAN_FACTS_ASSUME_H

#include "plan/facts.h"
#include "plan/op/op.h"

void vnm_facts_assume(struct vnm_facts *facts, const struct vnm_plan *plan);

#endif
