/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bridge_vlans.h - the filtering of VLANs by a network's own bridge, and the VLAN that it is in itself. */
#ifndef VNM_SYS_BRIDGE_VLANS_H
#define VNM_SYS_BRIDGE_VLANS_H

#include "plan/op/op_types.h"
#include "sys/link/link.h"

int vnm_bridge_vlans_probe(struct vnm_sys *sys, const struct vnm_op_bridge *want,
			   struct vnm_error *err);
int vnm_bridge_vlans_explain(struct vnm_sys *sys, const struct vnm_link *link,
			     const struct vnm_op_bridge *want);
int vnm_bridge_vlans_set(struct vnm_sys *sys, const struct vnm_link *link,
			 const struct vnm_op_bridge *old, const struct vnm_op_bridge *want,
			 struct vnm_error *err);

#endif
