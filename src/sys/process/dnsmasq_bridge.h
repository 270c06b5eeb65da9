/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dnsmasq_bridge.h - the bridge that a dnsmasq serves. */
#ifndef VNM_SYS_DNSMASQ_BRIDGE_H
#define VNM_SYS_DNSMASQ_BRIDGE_H

#include "sys/sys.h"

int vnm_dnsmasq_bridge_note(int dirfd, const char *bridge);
int vnm_dnsmasq_bridge_forget(int dirfd);
int vnm_dnsmasq_bridge_lost(struct vnm_sys *sys, const char *dir, const char *bridge,
			    const char **ret, struct vnm_error *err);
void vnm_dnsmasq_bridge_only(int pidfd, const char *bridge);

#endif
