/* SPDX-License-Identifier: GPL-2.0-or-later */
/* assume_repair.h - what a network still lacks after what a dry run has assumed; see state/assume.h. */
#ifndef VNM_DRIVER_ASSUME_REPAIR_H
#define VNM_DRIVER_ASSUME_REPAIR_H

#include "run/health.h"
#include "util/error.h"

struct vnm_driver;

int vnm_driver_leave_assumed(struct vnm_driver *drv, const char *name, struct vnm_health *health,
			     struct vnm_error *err);

#endif
