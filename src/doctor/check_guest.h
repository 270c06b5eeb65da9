/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_guest.h - what keeps a guest from its network inside of its own network namespace. */
#ifndef VNM_DOCTOR_CHECK_GUEST_H
#define VNM_DOCTOR_CHECK_GUEST_H

#include "doctor/finding.h"

void vnm_check_guest_gone(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_guest_awaited(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_guest_arp(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_guest_mac(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_guest_twin(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_guest_address(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_guest_stranger(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_guest_route(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_guest_gateway(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_guest_resolver(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_guest_firewall(const struct vnm_case *c, struct vnm_findings *found);

#endif
