/* SPDX-License-Identifier: GPL-2.0-or-later */
/* see_neighbours.h - who the kernel knows: neighbours, stations behind bridge ports; and the queues in front of them. */
#ifndef VNM_SYS_SEE_NEIGHBOURS_H
#define VNM_SYS_SEE_NEIGHBOURS_H

#include "doctor/case.h"
#include "sys/sys.h"

void vnm_see_neighbours(struct vnm_sys *sys, struct vnm_case *c);
void vnm_see_stations(struct vnm_sys *sys, struct vnm_case *c);
void vnm_see_queues(struct vnm_sys *sys, struct vnm_case *c);

#endif
