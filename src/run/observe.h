/* SPDX-License-Identifier: GPL-2.0-or-later */
/* observe.h - the facts of the host that a plan needs, and no more. */
#ifndef VNM_RUN_OBSERVE_H
#define VNM_RUN_OBSERVE_H

#include <stddef.h>

#include "model/network.h"
#include "plan/facts.h"
#include "plan/op/op.h"
#include "plan/op/steps.h"
#include "util/error.h"

struct vnm_driver;

void vnm_driver_preview_advertised(struct vnm_driver *drv, const struct vnm_plan *plan,
				   struct vnm_steps *steps);
void vnm_driver_warn_left_out(struct vnm_driver *drv, const struct vnm_facts *facts);
int vnm_driver_observe(struct vnm_driver *drv, const struct vnm_network *nets, size_t n,
		       struct vnm_facts *ret, struct vnm_error *err);
int vnm_driver_observe_known(struct vnm_driver *drv, const struct vnm_network *net,
			     const struct vnm_plan *old, struct vnm_facts *ret,
			     struct vnm_error *err);

#endif
