/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_service.h - what keeps guests from leases, names and boot files. */
#ifndef VNM_DOCTOR_CHECK_SERVICE_H
#define VNM_DOCTOR_CHECK_SERVICE_H

#include "doctor/finding.h"

void vnm_check_dnsmasq_stuck(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_pool_full(const struct vnm_case *c, struct vnm_findings *found);
bool vnm_check_asks_host(const struct vnm_case *c);
bool vnm_check_resolver_doubt(const struct vnm_case *c);
void vnm_check_resolver_none(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_resolver_loop(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_boot_root(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_lease_file(const struct vnm_case *c, struct vnm_findings *found);

#endif
