/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan_services.h - the host's services for guests. Pure. */
#ifndef VNM_PLAN_PLAN_SERVICES_H
#define VNM_PLAN_PLAN_SERVICES_H

#include "plan/firewall/fw_build.h"

void vnm_plan_services(struct vnm_fw *fw);

#endif
