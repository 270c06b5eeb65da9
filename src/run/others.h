/* SPDX-License-Identifier: GPL-2.0-or-later */
/* others.h - devices that others have put on a network's bridge. */
#ifndef VNM_RUN_OTHERS_H
#define VNM_RUN_OTHERS_H

#include <stdbool.h>

#include "plan/op/op.h"
#include "plan/op/steps.h"
#include "util/buf.h"
#include "util/error.h"

struct vnm_driver;

int vnm_driver_part_others(struct vnm_driver *drv, const char *name, const struct vnm_plan *plan,
			   bool anyway, char **ret, struct vnm_error *err);
int vnm_driver_return_others(struct vnm_driver *drv, const char *name, const struct vnm_plan *plan,
			     struct vnm_buf *text, struct vnm_steps *steps, struct vnm_error *err);
void vnm_driver_rejoin_others(struct vnm_driver *drv, const char *name, const struct vnm_plan *plan,
			      struct vnm_steps *steps);
void vnm_driver_see_others(struct vnm_driver *drv, const char *name, const struct vnm_plan *plan);
char *vnm_driver_preview_others(struct vnm_driver *drv, const char *name, struct vnm_plan *plan);

#endif
