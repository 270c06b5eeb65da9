/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pool_devices.h - the devices of a pool that a definition names by the device whose virtual functions they are. */
#ifndef VNM_STATE_POOL_DEVICES_H
#define VNM_STATE_POOL_DEVICES_H

#include "model/port.h"
#include "plan/facts.h"
#include "plan/op/op.h"

struct vnm_driver;

int vnm_pool_fill(struct vnm_network *net, struct vnm_error *err);
int vnm_pool_check_start(struct vnm_driver *drv, const struct vnm_network *net,
			 struct vnm_error *err);
int vnm_pool_leave_out_used(struct vnm_driver *drv, struct vnm_network *net,
			    struct vnm_error *err);
int vnm_pool_note_vfs(struct vnm_driver *drv, const char *name, const struct vnm_port *ports,
		      size_t n_ports, struct vnm_facts *facts, struct vnm_error *err);

#endif
