/* SPDX-License-Identifier: GPL-2.0-or-later */
/* see_flows.h - flows to forwarded ports that are not forwarded, from the kernel's table of connections. */
#ifndef VNM_SYS_SEE_FLOWS_H
#define VNM_SYS_SEE_FLOWS_H

#include "doctor/case.h"

void vnm_see_flows(struct vnm_case *c);

#endif
