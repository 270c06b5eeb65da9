/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bridge_calm.h - what guests' packets have done to a bridge, and how to revert it. */
#ifndef VNM_SYS_BRIDGE_CALM_H
#define VNM_SYS_BRIDGE_CALM_H

#include "sys/link/link.h"

bool vnm_bridge_disturbed(struct vnm_sys *sys, const struct vnm_link *link,
			  const struct vnm_op_bridge *want, char why[static VNM_WHY_SIZE]);
int vnm_bridge_calm(struct vnm_sys *sys, const struct vnm_link *link,
		    const struct vnm_op_bridge *want, struct vnm_error *err);

#endif
