/* SPDX-License-Identifier: GPL-2.0-or-later */
/* define.h - net-define and net-autostart: persistent definitions. */
#ifndef VNM_DRIVER_DEFINE_H
#define VNM_DRIVER_DEFINE_H

#include <stdbool.h>
#include <stddef.h>

#include "driver/applied.h"
#include "util/error.h"

struct vnm_driver;

/* Definitions. @text of @len bytes came from @file (for messages). @ret: free with vnm_applied_clear(). */
int vnm_driver_define(struct vnm_driver *drv, const char *text, size_t len, const char *file,
		      struct vnm_applied *ret, struct vnm_error *err);
int vnm_driver_set_autostart(struct vnm_driver *drv, const char *name, bool on,
			     struct vnm_error *err);

#endif
