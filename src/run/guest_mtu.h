/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_mtu.h - guests' devices get the MTU of their network's bridge, while connected. */
#ifndef VNM_RUN_GUEST_MTU_H
#define VNM_RUN_GUEST_MTU_H

#include <stdbool.h>
#include <stdint.h>

#include "model/attach.h"
#include "model/network.h"
#include "plan/op/op.h"
#include "sys/sys.h"
#include "util/buf.h"
#include "util/error.h"

struct vnm_driver;

bool vnm_attach_other_mtu(struct vnm_sys *sys, const struct vnm_attachment *attach,
			  const struct vnm_plan *plan, struct vnm_buf *ret);
uint32_t vnm_driver_mtu(struct vnm_driver *drv, const char *dev);
int vnm_driver_change_guests(struct vnm_driver *drv, const char *name,
			     const struct vnm_network *net, const struct vnm_plan *from,
			     const struct vnm_plan *to, struct vnm_error *err);

#endif
