/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan_nat.h - the rules for port forwarding and NAT. Pure. */
#ifndef VNM_PLAN_PLAN_NAT_H
#define VNM_PLAN_PLAN_NAT_H

#include "plan/firewall/fw_build.h"

void vnm_plan_port_forwards(struct vnm_fw *fw);
void vnm_plan_port_forwards_of(struct vnm_fw *fw);
void vnm_plan_sources(struct vnm_fw *fw, const struct vnm_prefix *subnet);
bool vnm_plan_has_sources(const struct vnm_network *net, int family);

#endif
