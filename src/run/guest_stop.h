/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_stop.h - guests when their network stops or changes: their devices stay, some of what is on them is reverted. */
#ifndef VNM_RUN_GUEST_STOP_H
#define VNM_RUN_GUEST_STOP_H

#include "model/attach.h"
#include "model/network.h"
#include "plan/op/op.h"
#include "util/error.h"

struct vnm_driver;

int vnm_attach_drop_limits(struct vnm_driver *drv, int made, const char *dev,
			   const struct vnm_plan *plan, struct vnm_error *err);
int vnm_attach_drop_addresses(struct vnm_driver *drv, const struct vnm_network *net,
			      const struct vnm_attachment *attach, int made,
			      const struct vnm_plan *plan, struct vnm_error *err);
int vnm_driver_unplug_attachments(struct vnm_driver *drv, const char *name, struct vnm_error *err);
void vnm_driver_warn_attachments(struct vnm_driver *drv, const char *name);

#endif
