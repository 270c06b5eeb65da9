/* SPDX-License-Identifier: GPL-2.0-or-later */
/* probe.h - send what a guest would send, and see what comes back. */
#ifndef VNM_SYS_PROBE_H
#define VNM_SYS_PROBE_H

#include "doctor/case.h"

void vnm_probe_resolver(struct vnm_case *c);
void vnm_probe_services(struct vnm_case *c);

#endif
