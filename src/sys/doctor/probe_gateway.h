/* SPDX-License-Identifier: GPL-2.0-or-later */
/* probe_gateway.h - does the host's gateway answer, and how large may packets to it be? */
#ifndef VNM_SYS_PROBE_GATEWAY_H
#define VNM_SYS_PROBE_GATEWAY_H

#include "doctor/case.h"
#include "sys/sys.h"

void vnm_probe_gateways(struct vnm_sys *sys, struct vnm_case *c);
void vnm_probe_gateway_mtu(struct vnm_case *c);

#endif
