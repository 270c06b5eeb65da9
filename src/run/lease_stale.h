/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lease_stale.h - ends leases of addresses that are reserved for another client by now. */
#ifndef VNM_RUN_LEASE_STALE_H
#define VNM_RUN_LEASE_STALE_H

#include "model/network.h"
#include "plan/op/steps.h"
#include "util/error.h"

struct vnm_driver;

int vnm_driver_mark_leases(struct vnm_driver *drv, const struct vnm_network *net,
			   struct vnm_error *err);
void vnm_driver_unmark_leases(struct vnm_driver *drv, const char *name);
void vnm_driver_end_stale_leases(struct vnm_driver *drv, const struct vnm_network *net);
void vnm_driver_recover_leases(struct vnm_driver *drv);
void vnm_driver_preview_leases(struct vnm_driver *drv, const struct vnm_network *net,
			       struct vnm_steps *steps);

#endif
