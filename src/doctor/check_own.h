/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_own.h - is the network whole, and is nothing of others in its way? */
#ifndef VNM_DOCTOR_CHECK_OWN_H
#define VNM_DOCTOR_CHECK_OWN_H

#include "doctor/finding.h"

void vnm_check_inactive(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_port_taken(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_part(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_attachment(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_obstacle(const struct vnm_case *c, struct vnm_findings *found);

#endif
