/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dnsmasq_dhcp.h - the parts of dnsmasq's configuration about DHCP, TFTP and router advertisements. */
#ifndef VNM_PLAN_DNSMASQ_DHCP_H
#define VNM_PLAN_DNSMASQ_DHCP_H

#include "plan/dnsmasq/dnsmasq_line.h"
#include "plan/facts.h"

void vnm_dm_tftp(struct vnm_dm *dm);
void vnm_dm_dhcp(struct vnm_dm *dm, const struct vnm_dnsmasq_paths *places);
void vnm_dm_lease(struct vnm_dm *dm, const struct vnm_lease *lease);
void vnm_dm_advertisements(struct vnm_dm *dm);

#endif
