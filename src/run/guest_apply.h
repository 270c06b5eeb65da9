/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_apply.h - plans of attachments are applied, and what they warn of is reported. */
#ifndef VNM_RUN_GUEST_APPLY_H
#define VNM_RUN_GUEST_APPLY_H

#include "plan/op/op.h"
#include "util/error.h"

struct vnm_driver;

int vnm_guest_apply(struct vnm_driver *drv, const char *dev, const struct vnm_plan *plan,
		    struct vnm_error *err);

#endif
