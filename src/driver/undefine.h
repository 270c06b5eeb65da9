/* SPDX-License-Identifier: GPL-2.0-or-later */
/* undefine.h - net-undefine: removes persistent definitions, with what belongs to them. */
#ifndef VNM_DRIVER_UNDEFINE_H
#define VNM_DRIVER_UNDEFINE_H

#include "util/error.h"

struct vnm_driver;

int vnm_driver_undefine(struct vnm_driver *drv, const char *name, struct vnm_error *err);
void vnm_driver_recover_undefines(struct vnm_driver *drv);

#endif
