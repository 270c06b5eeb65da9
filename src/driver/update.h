/* SPDX-License-Identifier: GPL-2.0-or-later */
/* update.h - net-update: changes one section of a definition. */
#ifndef VNM_DRIVER_UPDATE_H
#define VNM_DRIVER_UPDATE_H

#include "plan/op/steps.h"
#include "util/error.h"
#include "xml/update/update.h"

struct vnm_driver;

int vnm_driver_affect(struct vnm_driver *drv, const char *name, unsigned flags, unsigned *ret,
		      struct vnm_error *err);
int vnm_driver_update(struct vnm_driver *drv, const char *name, unsigned flags,
		      const struct vnm_update *update, unsigned *ret, struct vnm_steps *steps,
		      struct vnm_error *err);

#endif
