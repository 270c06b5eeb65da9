/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tc_probe.h - probe the kernel's traffic control. */
#ifndef VNM_SYS_TC_PROBE_H
#define VNM_SYS_TC_PROBE_H

#include "sys/sys.h"

bool vnm_tc_has_qdisc(struct vnm_sys *sys, const char *kind);
bool vnm_tc_has_action(struct vnm_sys *sys, const char *kind, bool otherwise);

#endif
