/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attach_complete.h - fills in what an attachment leaves out: a device name, a MAC, free addresses. */
#ifndef VNM_DRIVER_ATTACH_COMPLETE_H
#define VNM_DRIVER_ATTACH_COMPLETE_H

#include "model/attach.h"
#include "model/network.h"
#include "util/error.h"

struct vnm_driver;

int vnm_attach_pick_device(struct vnm_driver *drv, struct vnm_attachment *attach,
			   struct vnm_error *err);
int vnm_attach_complete(struct vnm_driver *drv, const struct vnm_network *net, unsigned wanted_auto,
			struct vnm_attachment *attach, struct vnm_error *err);

#endif
