/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * checks.h - the checks of net-doctor: a row each.
 *
 * From the kernel outwards: our own parts, the guests, the bridge and its ports, the host's stack, the firewall, the services, the
 * uplink. What a check looks at is the case, and nothing else.
 */
#ifndef VNM_DOCTOR_CHECKS_H
#define VNM_DOCTOR_CHECKS_H

#include "doctor/finding.h"

extern const struct vnm_check vnm_checks[];
extern const size_t vnm_n_checks;

void vnm_checks_run(const struct vnm_case *c, bool probed, struct vnm_findings *found);

#endif
