/* SPDX-License-Identifier: GPL-2.0-or-later */
/* release.h - net-dhcp-release: leases ended on request. */
#ifndef VNM_DRIVER_RELEASE_H
#define VNM_DRIVER_RELEASE_H

#include <stdbool.h>
#include <stddef.h>

#include "model/lease.h"
#include "util/error.h"

struct vnm_driver;

int vnm_driver_release(struct vnm_driver *drv, const char *name, const char *ref, bool dry,
		       struct vnm_lease_entry **ret, size_t *ret_n, struct vnm_error *err);

#endif
