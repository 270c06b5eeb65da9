/* SPDX-License-Identifier: GPL-2.0-or-later */
/* hand_back.h - a network that vnetmgr runs becomes one that libvirt runs. */
#ifndef VNM_DRIVER_HAND_BACK_H
#define VNM_DRIVER_HAND_BACK_H

#include "sys/process/virsh.h"
#include "util/buf.h"
#include "util/error.h"

struct vnm_driver;
struct vnm_moving;

int vnm_driver_hand_back(struct vnm_driver *drv, const struct vnm_virsh *virsh, const char *name,
			 const char *text, struct vnm_buf *ret, struct vnm_error *err);
int vnm_hand_back_resume(struct vnm_moving *moving, struct vnm_error *err);

#endif
