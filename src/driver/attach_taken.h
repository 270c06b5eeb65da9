/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attach_taken.h - an address that a guest cannot have, and who has it. */
#ifndef VNM_DRIVER_ATTACH_TAKEN_H
#define VNM_DRIVER_ATTACH_TAKEN_H

#include "model/network.h"
#include "util/error.h"

struct vnm_driver;

int vnm_attach_taken(struct vnm_driver *drv, const struct vnm_network *net,
		     const struct vnm_addr *addr, struct vnm_error *err);

#endif
