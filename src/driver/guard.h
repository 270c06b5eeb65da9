/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guard.h - guards of uplinks: started before a network, dismissed by a confirmation. */
#ifndef VNM_DRIVER_GUARD_H
#define VNM_DRIVER_GUARD_H

#include <stdbool.h>

#include "model/network.h"
#include "state/guard_record.h"
#include "util/error.h"

struct vnm_driver;

void vnm_driver_set_guard(struct vnm_driver *drv, const struct vnm_guard *guard);
int vnm_driver_confirm(struct vnm_driver *drv, const char *name, struct vnm_error *err);
bool vnm_driver_guarded(struct vnm_driver *drv, const char *name);
int vnm_driver_guard_left(struct vnm_driver *drv, const char *name);
int vnm_driver_post_guard(struct vnm_driver *drv, const struct vnm_network *net,
			  struct vnm_error *err);

#endif
