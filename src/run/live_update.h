/* SPDX-License-Identifier: GPL-2.0-or-later */
/* live_update.h - live updates: an active network gets another definition, and its guests are adapted. */
#ifndef VNM_RUN_LIVE_UPDATE_H
#define VNM_RUN_LIVE_UPDATE_H

#include "model/network.h"
#include "plan/op/steps.h"
#include "util/error.h"

struct vnm_driver;

int vnm_driver_live_update(struct vnm_driver *drv, const struct vnm_network *old,
			   struct vnm_network *net, const struct vnm_network *kept,
			   struct vnm_steps *steps, struct vnm_error *err);

#endif
