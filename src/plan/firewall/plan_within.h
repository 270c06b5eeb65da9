/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan_within.h - traffic between guests of one network that passes the host. Pure. */
#ifndef VNM_PLAN_PLAN_WITHIN_H
#define VNM_PLAN_PLAN_WITHIN_H

#include "plan/firewall/fw_build.h"

bool vnm_plan_isolates(const struct vnm_plan_input *in);
void vnm_plan_within(struct vnm_fw *fw);

#endif
