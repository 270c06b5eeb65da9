/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_host.h - what keeps packets from passing the host's stack: settings, routes, neighbours. */
#ifndef VNM_DOCTOR_CHECK_HOST_H
#define VNM_DOCTOR_CHECK_HOST_H

#include "doctor/finding.h"

void vnm_check_setting(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_conntrack(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_subnet_route(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_stolen_route(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_stolen_subnet(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_blocking_rule(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_neighbour(const struct vnm_case *c, struct vnm_findings *found);

#endif
