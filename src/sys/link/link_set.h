/* SPDX-License-Identifier: GPL-2.0-or-later */
/* link_set.h - set attributes of a device: flags, bridge, MTU, group, MAC address, name; and delete it. */
#ifndef VNM_SYS_LINK_SET_H
#define VNM_SYS_LINK_SET_H

#include "sys/link/link.h"

int vnm_link_set_flags(struct vnm_sys *sys, const struct vnm_link *link, unsigned flags,
		       unsigned mask, struct vnm_error *err);
int vnm_link_set_u32(struct vnm_sys *sys, const struct vnm_link *link, int attr, uint32_t value,
		     struct vnm_nl_req *req);
int vnm_link_set_master(struct vnm_sys *sys, const struct vnm_link *link, int master,
			struct vnm_error *err);
int vnm_link_set_port(struct vnm_sys *sys, const struct vnm_link *link, uint64_t which,
		      uint64_t set, struct vnm_nl_req *req);
int vnm_link_set_mtu(struct vnm_sys *sys, const struct vnm_link *link, uint32_t mtu,
		     struct vnm_error *err);
int vnm_bridge_pin_mtu(struct vnm_sys *sys, const struct vnm_link *link, uint32_t mtu,
		       struct vnm_error *err);
int vnm_bridge_set_stp(struct vnm_sys *sys, const struct vnm_link *link, bool on,
		       struct vnm_error *err);
int vnm_link_set_group(struct vnm_sys *sys, const struct vnm_link *link, uint32_t group,
		       const struct vnm_mac *mac, struct vnm_error *err);
int vnm_link_restore_name(struct vnm_sys *sys, const struct vnm_link *link, const char *name,
			  const char *what, struct vnm_error *err);
int vnm_link_delete(struct vnm_sys *sys, const struct vnm_link *link, struct vnm_error *err);

#endif
