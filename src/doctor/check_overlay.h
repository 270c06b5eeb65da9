/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_overlay.h - what is wrong between the hosts of an overlay. */
#ifndef VNM_DOCTOR_CHECK_OVERLAY_H
#define VNM_DOCTOR_CHECK_OVERLAY_H

#include "doctor/finding.h"

void vnm_check_host_silent(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_host_absent(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_host_gateway(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_host_number(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_host_mtu(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_host_session(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_host_untold(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_host_unflooded(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_host_stale(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_host_unwatched(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_host_password(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_host_twin(const struct vnm_case *c, struct vnm_findings *found);

#endif
