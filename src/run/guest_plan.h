/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_plan.h - the plan of an attachment. */
#ifndef VNM_RUN_GUEST_PLAN_H
#define VNM_RUN_GUEST_PLAN_H

#include "model/attach.h"
#include "model/network.h"
#include "plan/op/op.h"
#include "util/error.h"

struct vnm_driver;

int vnm_attach_plan(struct vnm_driver *drv, const struct vnm_network *net,
		    const struct vnm_attachment *attach, struct vnm_plan *ret,
		    struct vnm_error *err);

#endif
