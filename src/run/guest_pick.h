/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_pick.h - addresses for guests: free ones, reserved ones, and replacements for those outside of the network's subnets. */
#ifndef VNM_RUN_GUEST_PICK_H
#define VNM_RUN_GUEST_PICK_H

#include "model/attach.h"
#include "model/network.h"
#include "model/taken.h"
#include "util/error.h"

struct vnm_driver;

int vnm_attach_find_again(struct vnm_driver *drv, const struct vnm_network *net,
			  const struct vnm_attachment *attach, struct vnm_attach_ip *ip,
			  const struct vnm_taken *picked, struct vnm_error *err);
int vnm_guest_taken(struct vnm_driver *drv, const struct vnm_network *net,
		    const struct vnm_attachment *attach, const struct vnm_dhcp_host *own,
		    struct vnm_taken *ret, struct vnm_error *err);
int vnm_guest_find_addresses(struct vnm_driver *drv, const struct vnm_network *net,
			     unsigned wanted_auto, const struct vnm_taken *taken,
			     struct vnm_attachment *attach, struct vnm_error *err);

#endif
