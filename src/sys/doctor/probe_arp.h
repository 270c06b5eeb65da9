/* SPDX-License-Identifier: GPL-2.0-or-later */
/* probe_arp.h - who answers for an address on a bridge? */
#ifndef VNM_SYS_PROBE_ARP_H
#define VNM_SYS_PROBE_ARP_H

#include "doctor/case.h"

void vnm_probe_arp(struct vnm_case *c);

#endif
