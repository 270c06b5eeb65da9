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
int vnm_guest_change_mtu(struct vnm_driver *drv, const struct vnm_network *net, int made,
			 const struct vnm_attachment *attach, const struct vnm_plan *before,
			 uint32_t mtu, struct vnm_error *err);

#endif
