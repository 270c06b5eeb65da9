/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rename.h - net-rename. */
#ifndef VNM_DRIVER_RENAME_H
#define VNM_DRIVER_RENAME_H

#include "util/error.h"

struct vnm_driver;

int vnm_driver_rename(struct vnm_driver *drv, const char *name, const char *to,
		      struct vnm_error *err);
void vnm_driver_recover_definitions(struct vnm_driver *drv);

#endif
