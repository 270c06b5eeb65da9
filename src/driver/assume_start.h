/* SPDX-License-Identifier: GPL-2.0-or-later */
/* assume_start.h - starts of a dry run; see state/assume.h. */
#ifndef VNM_DRIVER_ASSUME_START_H
#define VNM_DRIVER_ASSUME_START_H

#include <stddef.h>

#include "driver/results.h"
#include "model/network.h"
#include "run/exec.h"

struct vnm_driver;

void vnm_driver_assume_starts(struct vnm_driver *drv, struct vnm_network *nets,
			      struct vnm_job *jobs, struct vnm_result *results, size_t n);

#endif
