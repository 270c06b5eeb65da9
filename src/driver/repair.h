/* SPDX-License-Identifier: GPL-2.0-or-later */
/* repair.h - net-repair: makes again what is missing of an active network, by its journal. */
#ifndef VNM_DRIVER_REPAIR_H
#define VNM_DRIVER_REPAIR_H

#include <stddef.h>

#include "driver/results.h"
#include "util/error.h"

struct vnm_driver;

int vnm_driver_repair(struct vnm_driver *drv, const char *const *names, size_t n,
		      struct vnm_result **ret, struct vnm_error *err);

#endif
