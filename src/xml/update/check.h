/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check.h - a section's checks of a given element. For the rows of sections.c: struct vnm_section.check. */
#ifndef VNM_XML_UPDATE_CHECK_H
#define VNM_XML_UPDATE_CHECK_H

#include "xml/update/change.h"

int vnm_change_check_bridge(const struct vnm_change *change, void *given);
int vnm_change_check_ip(const struct vnm_change *change, void *given);
int vnm_change_check_dhcp_host(const struct vnm_change *change, void *given);
int vnm_change_check_dhcp_range(const struct vnm_change *change, void *given);
int vnm_change_check_interface(const struct vnm_change *change, void *given);
int vnm_change_check_portgroup(const struct vnm_change *change, void *given);
int vnm_change_check_dns_host(const struct vnm_change *change, void *given);
int vnm_change_check_dns_txt(const struct vnm_change *change, void *given);
int vnm_change_check_peer(const struct vnm_change *change, void *given);

#endif
