/* SPDX-License-Identifier: GPL-2.0-or-later */
/* evpn_health.h - do the hosts of a network with EVPN find each other? */
#ifndef VNM_RUN_EVPN_HEALTH_H
#define VNM_RUN_EVPN_HEALTH_H

#include "state/paths.h"
#include "sys/sys.h"

void vnm_evpn_review(struct vnm_sys *sys, const struct vnm_paths *paths,
		     const struct vnm_plan *plan, struct vnm_warnings *faults,
		     struct vnm_warnings *notes);

#endif
