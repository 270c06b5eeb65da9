/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stop.h - net-destroy and the stop at shutdown: networks are stopped by their journals, never by their definitions. */
#ifndef VNM_DRIVER_STOP_H
#define VNM_DRIVER_STOP_H

#include <stddef.h>

#include "driver/results.h"
#include "plan/op/op.h"
#include "util/error.h"

struct vnm_driver;

int vnm_driver_destroy(struct vnm_driver *drv, const char *const *names, size_t n,
		       struct vnm_result **ret, struct vnm_error *err);
int vnm_driver_destroy_for_good(struct vnm_driver *drv, const char *const *names, size_t n,
				struct vnm_result **ret, struct vnm_error *err);
int vnm_driver_autostop(struct vnm_driver *drv, struct vnm_result **ret, size_t *ret_n,
			struct vnm_error *err); /* shutdown: nobody keeps leases open */
/* A dry run of net-destroy; changes nothing. */
int vnm_driver_preview_destroy(struct vnm_driver *drv, const char *name, struct vnm_plan *ret,
			       struct vnm_error *err);
int vnm_driver_preview_removal(struct vnm_driver *drv, const char *name, struct vnm_plan *ret,
			       struct vnm_error *err);

#endif
