/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_port.h - guests' bridge ports follow their network and portgroup, while connected. */
#ifndef VNM_RUN_GUEST_PORT_H
#define VNM_RUN_GUEST_PORT_H

#include "model/attach.h"
#include "plan/op/op.h"

struct vnm_driver;

int vnm_guest_change_port(struct vnm_driver *drv, const struct vnm_network *net, int made,
			  const struct vnm_attachment *attach, struct vnm_plan *plan,
			  struct vnm_error *err);

#endif
