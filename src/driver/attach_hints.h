/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attach_hints.h - what the user should know of a guest that was attached. */
#ifndef VNM_DRIVER_ATTACH_HINTS_H
#define VNM_DRIVER_ATTACH_HINTS_H

#include "model/attach.h"

struct vnm_driver;

void vnm_driver_attach_hints(struct vnm_driver *drv, const struct vnm_attachment *attach,
			     bool silent, struct vnm_warnings *ret);
void vnm_driver_start_hints(struct vnm_driver *drv, const char *name, struct vnm_warnings *ret);

#endif
