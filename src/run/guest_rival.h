/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_rival.h - definitions that reserve an attached guest's address for somebody else. */
#ifndef VNM_RUN_GUEST_RIVAL_H
#define VNM_RUN_GUEST_RIVAL_H

#include "model/network.h"
#include "util/error.h"

struct vnm_driver;

int vnm_driver_refuse_rival(struct vnm_driver *drv, const struct vnm_network *net,
			    struct vnm_error *err);
void vnm_driver_note_rivals(struct vnm_driver *drv, const struct vnm_network *net,
			    struct vnm_warnings *notes);

#endif
