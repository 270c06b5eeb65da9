/* SPDX-License-Identifier: GPL-2.0-or-later */
/* recover.h - recovery: finishes or reverts what an earlier command left unfinished. */
#ifndef VNM_DRIVER_RECOVER_H
#define VNM_DRIVER_RECOVER_H

#include "state/owner.h"
#include "util/error.h"

struct vnm_driver;

void vnm_driver_forget_all(struct vnm_driver *drv, const struct vnm_owner *owner);
int vnm_driver_recover(struct vnm_driver *drv, struct vnm_error *err);

#endif
