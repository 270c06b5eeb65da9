/* SPDX-License-Identifier: GPL-2.0-or-later */
/* probe_way.h - how large packets to the outside may be beyond the host's gateway. */
#ifndef VNM_SYS_DOCTOR_PROBE_WAY_H
#define VNM_SYS_DOCTOR_PROBE_WAY_H

#include "doctor/case.h"

void vnm_probe_ways(struct vnm_case *c);

#endif
