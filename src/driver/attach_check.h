/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attach_check.h - conflicts of an attachment with other guests and devices, before anything is made. */
#ifndef VNM_DRIVER_ATTACH_CHECK_H
#define VNM_DRIVER_ATTACH_CHECK_H

#include "model/attach.h"
#include "model/network.h"
#include "util/error.h"

struct vnm_driver;

int vnm_attach_check(struct vnm_driver *drv, const struct vnm_network *net,
		     const struct vnm_attachment *attach, struct vnm_error *err);

#endif
