/* SPDX-License-Identifier: GPL-2.0-or-later */
/* overlay.h - what the definition of a network on many hosts leaves to this host. */
#ifndef VNM_RUN_OVERLAY_H
#define VNM_RUN_OVERLAY_H

#include "model/network.h"
#include "util/error.h"

struct vnm_driver;

int vnm_driver_resolve_overlay(struct vnm_driver *drv, struct vnm_network *net,
			       const struct vnm_network *old, struct vnm_error *err);

#endif
