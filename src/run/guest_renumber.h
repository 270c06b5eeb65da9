/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_renumber.h - replaces guests' addresses that a change of the definition has left outside of its subnets. */
#ifndef VNM_RUN_GUEST_RENUMBER_H
#define VNM_RUN_GUEST_RENUMBER_H

#include <stdbool.h>
#include <stddef.h>

#include "model/network.h"
#include "plan/op/steps.h"
#include "run/exec.h"
#include "util/error.h"

struct vnm_driver;

int vnm_driver_renumber(struct vnm_driver *drv, const struct vnm_network *net, bool tell,
			struct vnm_buf *text, struct vnm_steps *steps, struct vnm_error *err);
void vnm_driver_renumber_all(struct vnm_driver *drv, const struct vnm_network *nets,
			     struct vnm_job *jobs, size_t n);
void vnm_driver_warn_outside(struct vnm_driver *drv, const struct vnm_network *net);
void vnm_driver_preview_guests(struct vnm_driver *drv, const struct vnm_network *old,
			       const struct vnm_network *net, struct vnm_steps *steps);
int vnm_driver_adapt_guests(struct vnm_driver *drv, const struct vnm_network *old,
			    const struct vnm_network *net, struct vnm_error *err);

#endif
