/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_mtu.h - where on their way packets are too large: in a guest, on the bridge, at the uplink, or behind it. */
#ifndef VNM_DOCTOR_CHECK_MTU_H
#define VNM_DOCTOR_CHECK_MTU_H

#include "doctor/finding.h"

void vnm_check_port_mtu(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_tunnel_mtu(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_guest_mtu(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_path_mtu(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_way_told(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_way_lost(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_uplink_mtu(const struct vnm_case *c, struct vnm_findings *found);

#endif
