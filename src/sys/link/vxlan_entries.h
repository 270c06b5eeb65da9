/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vxlan_entries.h - which MAC address a VXLAN device sends to which host. */
#ifndef VNM_SYS_VXLAN_ENTRIES_H
#define VNM_SYS_VXLAN_ENTRIES_H

#include "sys/link/link.h"

/** struct vnm_vxlan_entry - @mac: all zero: what is for everybody or nobody. @host: without a family: somewhere else */
struct vnm_vxlan_entry {
	struct vnm_mac mac;
	struct vnm_addr host;
};

/** struct vnm_vxlan_entries - free @items */
struct vnm_vxlan_entries {
	struct vnm_vxlan_entry *items;
	size_t n;
};

int vnm_vxlan_entries(struct vnm_sys *sys, const struct vnm_link *dev,
		      struct vnm_vxlan_entries *ret);
bool vnm_vxlan_is_flood(const struct vnm_vxlan_entry *entry);
void vnm_vxlan_entries_clear(struct vnm_vxlan_entries *entries);
#define vnm_autoentries __attribute__((cleanup(vnm_vxlan_entries_clear)))

#endif
