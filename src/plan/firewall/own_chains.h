/* SPDX-License-Identifier: GPL-2.0-or-later */
/* own_chains.h - which rules of a network are in chains of its own. */
#ifndef VNM_PLAN_OWN_CHAINS_H
#define VNM_PLAN_OWN_CHAINS_H

#include "plan/firewall/fw_build.h"

void vnm_plan_own_chains(struct vnm_fw *fw);

#endif
