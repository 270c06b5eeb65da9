/* SPDX-License-Identifier: GPL-2.0-or-later */
/* evpn_look.h - what FRR says of the other hosts of an overlay. */
#ifndef VNM_RUN_EVPN_LOOK_H
#define VNM_RUN_EVPN_LOOK_H

#include "model/network.h"
#include "model/overlay_fault.h"
#include "state/paths.h"
#include "sys/frr/evpn_state.h"
#include "sys/link/vxlan_entries.h"
#include "sys/sys.h"

int vnm_evpn_look(struct vnm_sys *sys, const struct vnm_paths *paths, const struct vnm_network *net,
		  struct vnm_evpn_state *ret, struct vnm_error *err);
void vnm_evpn_find_faults(const struct vnm_network *net, const struct vnm_evpn_state *state,
			  struct vnm_overlay_faults *faults);
void vnm_evpn_find_floods(const struct vnm_network *net, const struct vnm_evpn_state *state,
			  const struct vnm_vxlan_entries *entries,
			  struct vnm_overlay_faults *faults);
void vnm_evpn_unasked(const struct vnm_evpn_state *state, const struct vnm_error *err,
		      struct vnm_overlay_faults *faults);

#endif
