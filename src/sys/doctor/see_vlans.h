/* SPDX-License-Identifier: GPL-2.0-or-later */
/* see_vlans.h - the VLANs of bridges and of their ports. */
#ifndef VNM_SYS_SEE_VLANS_H
#define VNM_SYS_SEE_VLANS_H

#include "doctor/case.h"
#include "sys/sys.h"

struct nlmsghdr;

bool vnm_see_vlan(const struct nlmsghdr *hdr, struct vnm_case_vlan *ret);
void vnm_see_vlans(struct vnm_sys *sys, struct vnm_case *c);

#endif
