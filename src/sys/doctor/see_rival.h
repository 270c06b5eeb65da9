/* SPDX-License-Identifier: GPL-2.0-or-later */
/* see_rival.h - who has a port that a network's dnsmasq needs? */
#ifndef VNM_SYS_SEE_RIVAL_H
#define VNM_SYS_SEE_RIVAL_H

#include "doctor/case.h"

void vnm_see_rival(struct vnm_case *c);

#endif
