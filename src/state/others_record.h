/* SPDX-License-Identifier: GPL-2.0-or-later */
/* others_record.h - NAME.others in the run directory: the record of others' devices on a network's bridge. */
#ifndef VNM_STATE_OTHERS_RECORD_H
#define VNM_STATE_OTHERS_RECORD_H

#include "sys/link/others.h"
#include "util/error.h"

struct vnm_driver;

int vnm_others_read(struct vnm_driver *drv, const char *name, struct vnm_others *ret, char **text,
		    struct vnm_error *err);
int vnm_others_write(struct vnm_driver *drv, const char *name, const char *before,
		     const struct vnm_others *others, struct vnm_error *err);
void vnm_driver_drop_others(struct vnm_driver *drv, const char *name);
void vnm_driver_move_others(struct vnm_driver *drv, const char *old, const char *to);

#endif
