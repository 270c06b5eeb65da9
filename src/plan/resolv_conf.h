/* SPDX-License-Identifier: GPL-2.0-or-later */
/* resolv_conf.h - the resolv.conf that all guests in one namespace share. Pure. */
#ifndef VNM_PLAN_RESOLV_CONF_H
#define VNM_PLAN_RESOLV_CONF_H

#include <stdbool.h>

/* The first line of a resolv.conf of ours; and of one that version 1.1.0 wrote for a DHCP client. */
#define VNM_RESOLV_MARK "# Written by vnetmgr for the name servers of a network\n"
#define VNM_RESOLV_MARK_DHCP "# Written by vnetmgr for a DHCP client\n"
/* Of a guest's line, after its device: whose servers are asked first, and whose last. */
#define VNM_RESOLV_OUTSIDE " outside:"
#define VNM_RESOLV_ISOLATED " isolated:"

bool vnm_resolv_ours(const char *file);
bool vnm_resolv_has(const char *file, const char *boot, const char *line);
bool vnm_resolv_has_device(const char *file, const char *boot, const char *dev);
char *vnm_resolv_with(const char *file, const char *boot, const char *line);
char *vnm_resolv_without(const char *file, const char *boot, const char *line);

#endif
