/* SPDX-License-Identifier: GPL-2.0-or-later */
/* teardown.h - tears networks down by their journals, and removes their traces. */
#ifndef VNM_RUN_TEARDOWN_H
#define VNM_RUN_TEARDOWN_H

#include <stddef.h>

#include "run/exec.h"
#include "util/error.h"

struct vnm_driver;

int vnm_driver_forget(struct vnm_driver *drv, const char *name, struct vnm_error *err);
void vnm_driver_roll_back(struct vnm_driver *drv, struct vnm_job *jobs, size_t n);
int vnm_driver_tear_down(struct vnm_driver *drv, struct vnm_job *jobs, size_t n);

#endif
