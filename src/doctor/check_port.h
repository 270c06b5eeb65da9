/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_port.h - what keeps frames from passing the bridge and its ports. */
#ifndef VNM_DOCTOR_CHECK_PORT_H
#define VNM_DOCTOR_CHECK_PORT_H

#include "doctor/finding.h"

void vnm_check_port_elsewhere(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_port_down(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_port_carrier(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_guest_off(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_port_listening(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_port_blocked(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_port_isolated(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_port_locked(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_port_flood(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_port_learning(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_port_static(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_port_vlan(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_port_queue(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_host_device_down(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_bridge_arp(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_bridge_root(const struct vnm_case *c, struct vnm_findings *found);
void vnm_check_bridge_managed(const struct vnm_case *c, struct vnm_findings *found);

#endif
