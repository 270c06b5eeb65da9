/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan_source.h - the rules that keep forged packets from opening connections to guests. Pure. */
#ifndef VNM_PLAN_PLAN_SOURCE_H
#define VNM_PLAN_PLAN_SOURCE_H

#include "plan/firewall/fw_build.h"

void vnm_plan_guard(struct vnm_fw *fw);
void vnm_plan_unknown(struct vnm_fw *fw, const char *dev);
void vnm_plan_service_guard(struct vnm_fw *fw, uint16_t port);

#endif
