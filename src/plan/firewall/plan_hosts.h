/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan_hosts.h - the rules by which the hosts of an overlay reach each other. */
#ifndef VNM_PLAN_PLAN_HOSTS_H
#define VNM_PLAN_PLAN_HOSTS_H

#include "plan/firewall/fw_build.h"

void vnm_plan_hosts(struct vnm_fw *fw);

#endif
