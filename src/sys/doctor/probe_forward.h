/* SPDX-License-Identifier: GPL-2.0-or-later */
/* probe_forward.h - is anybody at the IPv6 addresses that ports are forwarded to? */
#ifndef VNM_SYS_PROBE_FORWARD_H
#define VNM_SYS_PROBE_FORWARD_H

#include "doctor/case.h"
#include "sys/sys.h"

void vnm_probe_forwards(struct vnm_sys *sys, struct vnm_case *c);

#endif
