/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attach_repair.h - net-repair, of a network's guests. */
#ifndef VNM_DRIVER_ATTACH_REPAIR_H
#define VNM_DRIVER_ATTACH_REPAIR_H

#include "model/network.h"
#include "plan/op/steps.h"
#include "util/buf.h"
#include "util/error.h"

struct vnm_driver;

int vnm_driver_repair_attachments(struct vnm_driver *drv, const struct vnm_network *net,
				  struct vnm_buf *text, struct vnm_steps *steps,
				  struct vnm_error *err);

#endif
