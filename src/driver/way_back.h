/* SPDX-License-Identifier: GPL-2.0-or-later */
/* way_back.h - what the outside needs, so that its answers reach the guests of a routed network. */
#ifndef VNM_DRIVER_WAY_BACK_H
#define VNM_DRIVER_WAY_BACK_H

#include "model/network.h"
#include "util/error.h"

struct vnm_driver;

void vnm_way_back_hint(struct vnm_driver *drv, const struct vnm_network *net,
		       struct vnm_warnings *ret);

#endif
