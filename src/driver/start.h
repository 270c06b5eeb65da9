/* SPDX-License-Identifier: GPL-2.0-or-later */
/* start.h - net-start, net-create and the start at boot. */
#ifndef VNM_DRIVER_START_H
#define VNM_DRIVER_START_H

#include <stddef.h>

#include "driver/applied.h"
#include "driver/results.h"
#include "model/network.h"
#include "util/error.h"

struct vnm_driver;

/* Lifecycle. Bulk calls fill ret[0..n) (freed with vnm_results_free) and return 0 unless nothing could be tried. */
int vnm_driver_create(struct vnm_driver *drv, const char *text, size_t len, const char *file,
		      struct vnm_applied *ret, struct vnm_error *err);
int vnm_driver_start(struct vnm_driver *drv, const char *const *names, size_t n,
		     struct vnm_result **ret, struct vnm_error *err);
int vnm_driver_marked(struct vnm_driver *drv, char ***ret, size_t *ret_n, struct vnm_error *err);
void vnm_driver_late(struct vnm_driver *drv, bool active, char ***ret, size_t *ret_n);
int vnm_driver_autostart(struct vnm_driver *drv, const char *const *names, size_t n,
			 struct vnm_result **ret, struct vnm_error *err); /* boot */

#endif
