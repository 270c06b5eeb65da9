/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_heir.h - who keeps a namespace that was made for a guest, when that guest goes. */
#ifndef VNM_RUN_GUEST_HEIR_H
#define VNM_RUN_GUEST_HEIR_H

#include "model/attach.h"
#include "plan/op/op.h"
#include "util/error.h"

struct vnm_driver;

int vnm_guest_heir(struct vnm_driver *drv, const char *name, const char *dev,
		   const struct vnm_plan *plan, struct vnm_attachment *ret, struct vnm_error *err);
int vnm_guest_inherit(struct vnm_driver *drv, const struct vnm_attachment *heir,
		      const struct vnm_plan *plan, struct vnm_error *err);
void vnm_guest_without_netns(const struct vnm_plan *plan, struct vnm_plan *ret);

#endif
