/* SPDX-License-Identifier: GPL-2.0-or-later */
/* overlay_look.h - what is wrong between the hosts of an active overlay. */
#ifndef VNM_RUN_OVERLAY_LOOK_H
#define VNM_RUN_OVERLAY_LOOK_H

#include "model/overlay_fault.h"
#include "state/paths.h"
#include "sys/sys.h"

void vnm_overlay_look(struct vnm_sys *sys, const struct vnm_paths *paths,
		      const struct vnm_network *net, bool patient, struct vnm_overlay_faults *ret);

#endif
