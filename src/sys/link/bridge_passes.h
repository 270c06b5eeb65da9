/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bridge_passes.h - forwarding settings of a bridge: link-local frames, multicast. Only for the link files. */
#ifndef VNM_SYS_BRIDGE_PASSES_H
#define VNM_SYS_BRIDGE_PASSES_H

#include "sys/link/link.h"

void vnm_bridge_passes_put(struct vnm_nl_req *req, const struct vnm_op_bridge *want);
bool vnm_bridge_passes_explain(const struct vnm_link *link, const struct vnm_op_bridge *want,
			       char why[static VNM_WHY_SIZE]);
int vnm_bridge_passes_set(struct vnm_sys *sys, const struct vnm_link *link,
			  const struct vnm_op_bridge *old, const struct vnm_op_bridge *want,
			  struct vnm_error *err);

#endif
