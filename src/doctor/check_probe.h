/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_probe.h - what probes found, sent as a guest would send them. */
#ifndef VNM_DOCTOR_CHECK_PROBE_H
#define VNM_DOCTOR_CHECK_PROBE_H

#include "doctor/finding.h"

void vnm_check_packet(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_twin_address(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_dhcp_silent(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_dhcp_other(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_bad_sums(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_ra_silent(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_dns_silent(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_dns_upstream(const struct vnm_case *c, struct vnm_findings *found);

#endif
