/* SPDX-License-Identifier: GPL-2.0-or-later */
/* probe_dhcp.h - who offers a stranger on a bridge an address? */
#ifndef VNM_SYS_PROBE_DHCP_H
#define VNM_SYS_PROBE_DHCP_H

#include "doctor/case.h"
#include "sys/doctor/probe_port.h"

int vnm_probe_dhcp(struct vnm_probe_port *port, struct vnm_case_probes *ret);

#endif
