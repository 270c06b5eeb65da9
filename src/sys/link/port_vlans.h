/* SPDX-License-Identifier: GPL-2.0-or-later */
/* port_vlans.h - the VLANs that a bridge port is a member of. */
#ifndef VNM_SYS_PORT_VLANS_H
#define VNM_SYS_PORT_VLANS_H

#include "model/vlan.h"
#include "plan/link.h"
#include "sys/sys.h"

struct nlmsghdr;

int vnm_bridge_need_vlans(const struct vnm_link *bridge, struct vnm_error *err);
int vnm_port_vlans_parse(const struct nlmsghdr *hdr, struct vnm_vlan_members *ret);
int vnm_port_vlans_read(struct vnm_sys *sys, const struct vnm_link *dev,
			struct vnm_vlan_members *ret);
int vnm_port_vlans_set(struct vnm_sys *sys, const struct vnm_link *dev, const char *vlans,
		       struct vnm_error *err);
int vnm_port_vlans_reset(struct vnm_sys *sys, const struct vnm_link *dev,
			 const struct vnm_link *bridge, struct vnm_error *err);
int vnm_port_vlans_differ(struct vnm_sys *sys, const struct vnm_link *dev, const char *vlans);

#endif
