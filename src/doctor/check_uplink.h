/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_uplink.h - what keeps guests from the outside, and the outside from their forwarded ports. */
#ifndef VNM_DOCTOR_CHECK_UPLINK_H
#define VNM_DOCTOR_CHECK_UPLINK_H

#include "doctor/finding.h"

void vnm_check_uplink_down(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_default_route(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_uplink_carrier(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_uplink_enslaved(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_uplink_vrf(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_uplink_other(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_gateway_failed(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_forward_flow(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_forward_address(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_forward_nobody(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_forward_target(const struct vnm_case *c, struct vnm_findings *found);

#endif
