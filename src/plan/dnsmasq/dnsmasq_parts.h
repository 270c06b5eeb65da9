/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dnsmasq_parts.h - what the files that make dnsmasq's texts share. Not for others. */
#ifndef VNM_PLAN_DNSMASQ_PARTS_H
#define VNM_PLAN_DNSMASQ_PARTS_H

#include "plan/dnsmasq/dnsmasq_line.h"
#include "plan/facts.h"

void vnm_dm_tftp(struct vnm_dm *dm);
void vnm_dm_dhcp(struct vnm_dm *dm, const struct vnm_dnsmasq_paths *places);
void vnm_dm_lease(struct vnm_dm *dm, const struct vnm_lease *lease);
void vnm_dm_advertisements(struct vnm_dm *dm);

int vnm_dm_hosts_file(const struct vnm_network *net, const struct vnm_facts *facts, char **ret,
		      struct vnm_error *err);
int vnm_dm_addnhosts_file(const struct vnm_network *net, char **ret, struct vnm_error *err);

#endif
