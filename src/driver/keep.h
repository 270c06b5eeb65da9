/* SPDX-License-Identifier: GPL-2.0-or-later */
/* keep.h - a session that reads, and stores definitions, kept open from one call to the next. */
#ifndef VNM_DRIVER_KEEP_H
#define VNM_DRIVER_KEEP_H

#include <stdbool.h>

struct vnm_driver;

bool vnm_driver_begin_definition(struct vnm_driver *drv);
bool vnm_driver_pause(struct vnm_driver *drv);
bool vnm_driver_resume(struct vnm_driver *drv);

#endif
