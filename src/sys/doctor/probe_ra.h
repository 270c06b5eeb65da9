/* SPDX-License-Identifier: GPL-2.0-or-later */
/* probe_ra.h - who tells a stranger on a bridge the router of IPv6? */
#ifndef VNM_SYS_PROBE_RA_H
#define VNM_SYS_PROBE_RA_H

#include "doctor/case.h"

struct vnm_probe_port;

int vnm_probe_ra(struct vnm_probe_port *port, struct vnm_case_probes *ret);

#endif
