/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lease_kept.h - leases that guests keep for a while, though other addresses are reserved for them by now. */
#ifndef VNM_RUN_LEASE_KEPT_H
#define VNM_RUN_LEASE_KEPT_H

#include "model/network.h"

struct vnm_driver;

void vnm_driver_hint_kept(struct vnm_driver *drv, const struct vnm_network *old,
			  const struct vnm_network *net);

#endif
