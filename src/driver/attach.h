/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attach.h - net-attach and net-detach: connect guests to a network, and disconnect them. */
#ifndef VNM_DRIVER_ATTACH_H
#define VNM_DRIVER_ATTACH_H

#include "model/attach.h"
#include "plan/op/op.h"
#include "util/error.h"

struct vnm_driver;

/* Guests' devices (model/attach.h). */
int vnm_driver_attach(struct vnm_driver *drv, const char *name, struct vnm_attachment *attach,
		      unsigned wanted_auto, struct vnm_error *err);
int vnm_driver_preview_attach(struct vnm_driver *drv, const char *name,
			      struct vnm_attachment *attach, unsigned wanted_auto,
			      struct vnm_plan *ret, struct vnm_error *err);
int vnm_driver_preview_detach(struct vnm_driver *drv, const char *name, const char *dev,
			      struct vnm_plan *ret, struct vnm_error *err);
int vnm_driver_detach(struct vnm_driver *drv, const char *name, const char *dev,
		      struct vnm_error *err);

#endif
