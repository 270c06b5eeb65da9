/* SPDX-License-Identifier: GPL-2.0-or-later */
/* apply.h - net-apply and net-diff: make a network match a file, and show the differences. */
#ifndef VNM_DRIVER_APPLY_H
#define VNM_DRIVER_APPLY_H

#include <stdbool.h>
#include <stddef.h>

#include "driver/applied.h"
#include "util/error.h"

struct vnm_driver;

int vnm_driver_apply(struct vnm_driver *drv, const char *text, size_t len, const char *file,
		     struct vnm_applied *ret, struct vnm_error *err);
bool vnm_driver_takes_restart(struct vnm_driver *drv, const char *name);
int vnm_driver_compare(struct vnm_driver *drv, const char *name, const char *text, size_t len,
		       const char *file, char **ret_kept, char **ret_other, struct vnm_error *err);

#endif
