/* SPDX-License-Identifier: GPL-2.0-or-later */
/* others.h - devices that others have put on a network's bridge. Only for the driver's files. */
#ifndef VNM_RUN_OTHERS_H
#define VNM_RUN_OTHERS_H

#include "driver/driver_internal.h"
#include "sys/link/others.h"

int vnm_others_read(struct vnm_driver *drv, const char *name, struct vnm_others *ret, char **text,
		    struct vnm_error *err);
int vnm_others_write(struct vnm_driver *drv, const char *name, const char *before,
		     const struct vnm_others *others, struct vnm_error *err);
int vnm_driver_part_others(struct vnm_driver *drv, const char *name, const struct vnm_plan *plan,
			   bool anyway, char **ret, struct vnm_error *err);
int vnm_driver_return_others(struct vnm_driver *drv, const char *name, const struct vnm_plan *plan,
			     struct vnm_buf *text, struct vnm_buf *steps, struct vnm_error *err);
void vnm_driver_rejoin_others(struct vnm_driver *drv, const char *name,
			      const struct vnm_plan *plan, struct vnm_buf *steps);
void vnm_driver_see_others(struct vnm_driver *drv, const char *name, const struct vnm_plan *plan);
void vnm_driver_preview_others(struct vnm_driver *drv, const char *name, struct vnm_plan *plan);
void vnm_driver_drop_others(struct vnm_driver *drv, const char *name);
void vnm_driver_move_others(struct vnm_driver *drv, const char *old, const char *to);

#endif
