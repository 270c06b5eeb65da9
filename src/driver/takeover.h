/* SPDX-License-Identifier: GPL-2.0-or-later */
/* takeover.h - a network that libvirt runs becomes one that vnetmgr runs, with its bridge and its guests' devices in place. */
#ifndef VNM_DRIVER_TAKEOVER_H
#define VNM_DRIVER_TAKEOVER_H

#include "sys/process/virsh.h"
#include "util/buf.h"
#include "util/error.h"

struct vnm_driver;

int vnm_driver_take_over(struct vnm_driver *drv, const struct vnm_virsh *virsh, const char *name,
			 struct vnm_buf *ret, struct vnm_error *err);
void vnm_driver_resume_takeovers(struct vnm_driver *drv);

#endif
