/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tun_rules.h - the rules for guests behind a tun. Pure. */
#ifndef VNM_PLAN_TUN_RULES_H
#define VNM_PLAN_TUN_RULES_H

#include "plan/firewall/fw_build.h"

void vnm_plan_tuns_within(struct vnm_fw *fw);
void vnm_plan_tuns_outside(struct vnm_fw *fw, enum vnm_fw_state state);

#endif
