/* SPDX-License-Identifier: GPL-2.0-or-later */
/* overview.h - a network with all that is observed of it, for commands that show it as a whole. */
#ifndef VNM_DRIVER_OVERVIEW_H
#define VNM_DRIVER_OVERVIEW_H

#include "driver/attached.h"
#include "driver/forwards.h"
#include "driver/query.h"
#include "model/network.h"
#include "util/error.h"

struct vnm_driver;

/** struct vnm_overview - a network, its guests and its port forwards; @net: without a name, its definition is lost. Free with vnm_overview_clear() */
struct vnm_overview {
	struct vnm_info info;
	struct vnm_network net;
	struct vnm_attached *guests;
	size_t n_guests;
	struct vnm_forward_entry *forwards;
	size_t n_forwards;
};

int vnm_driver_overview(struct vnm_driver *drv, const char *name, struct vnm_overview *ret,
			struct vnm_error *err);
void vnm_overview_clear(struct vnm_overview *overview);
#define vnm_autooverview __attribute__((cleanup(vnm_overview_clear)))

#endif
