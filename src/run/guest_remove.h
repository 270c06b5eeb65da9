/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_remove.h - disconnects guests: by net-detach, with their network, or after an interrupted command. */
#ifndef VNM_RUN_GUEST_REMOVE_H
#define VNM_RUN_GUEST_REMOVE_H

#include <stdbool.h>

#include "model/attach.h"
#include "plan/op/op.h"
#include "util/error.h"

struct vnm_driver;

void vnm_guest_collect(struct vnm_driver *drv, const char *name);
void vnm_driver_drop_attachments(struct vnm_driver *drv, const char *name);
void vnm_driver_warn_dropped(struct vnm_driver *drv, const char *name);
void vnm_driver_recover_attachments(struct vnm_driver *drv);
void vnm_guest_roll_back(struct vnm_driver *drv, const char *name, const char *dev,
			 const struct vnm_plan *plan, bool reconcile);
int vnm_guest_remove(struct vnm_driver *drv, const struct vnm_attachment *attach,
		     struct vnm_error *err);

#endif
