/* SPDX-License-Identifier: GPL-2.0-or-later */
/* change.h - changes of active networks, with guests connected. */
#ifndef VNM_RUN_CHANGE_H
#define VNM_RUN_CHANGE_H

#include "model/network.h"
#include "plan/op/op.h"
#include "plan/op/steps.h"
#include "util/error.h"

struct vnm_driver;

void vnm_driver_warn_partial_rollback(struct vnm_driver *drv, const char *name,
				      const struct vnm_error *err);
int vnm_driver_rollback_change(struct vnm_driver *drv, const char *name,
			       const struct vnm_plan *from, const struct vnm_plan *to,
			       struct vnm_error *err);
int vnm_driver_change(struct vnm_driver *drv, const struct vnm_network *net,
		      const struct vnm_network *kept, const struct vnm_plan *from,
		      const struct vnm_plan *to, struct vnm_steps *steps, struct vnm_error *err);
int vnm_driver_reconcile(struct vnm_driver *drv, const char *name, struct vnm_error *err);

#endif
