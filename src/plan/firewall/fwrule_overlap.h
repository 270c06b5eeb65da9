/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fwrule_overlap.h - can two firewall rules match the same packet? Pure. */
#ifndef VNM_PLAN_FWRULE_OVERLAP_H
#define VNM_PLAN_FWRULE_OVERLAP_H

#include "plan/firewall/fwrule.h"

bool vnm_fwrule_overlap(const struct vnm_fwrule *a, const struct vnm_fwrule *b);
bool vnm_fwrule_commute(const struct vnm_fwrule *a, const struct vnm_fwrule *b);

#endif
