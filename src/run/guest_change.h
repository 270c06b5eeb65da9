/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_change.h - guests' devices follow a change of their network, while connected. */
#ifndef VNM_RUN_GUEST_CHANGE_H
#define VNM_RUN_GUEST_CHANGE_H

#include "model/network.h"
#include "plan/op/op.h"
#include "util/error.h"

struct vnm_driver;

int vnm_driver_change_guests(struct vnm_driver *drv, const char *name,
			     const struct vnm_network *net, const struct vnm_plan *from,
			     const struct vnm_plan *to, struct vnm_error *err);

#endif
