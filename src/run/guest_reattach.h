/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_reattach.h - reconnects the guests of a network that starts. */
#ifndef VNM_RUN_GUEST_REATTACH_H
#define VNM_RUN_GUEST_REATTACH_H

#include "model/network.h"
#include "plan/op/steps.h"
#include "util/error.h"

struct vnm_driver;

void vnm_driver_reattach(struct vnm_driver *drv, const struct vnm_network *net,
			 struct vnm_warnings *waiting, struct vnm_steps *steps);
void vnm_driver_reattach_waiting(struct vnm_driver *drv, const struct vnm_network *net,
				 struct vnm_warnings *waiting, struct vnm_steps *steps);

#endif
