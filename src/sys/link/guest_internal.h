/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_internal.h - what the files about guests' devices share. Not for others. */
#ifndef VNM_SYS_GUEST_INTERNAL_H
#define VNM_SYS_GUEST_INTERNAL_H

#include "sys/link/guest.h"
#include "sys/link/guest_known.h"
#include "sys/netlink/netlink.h"
#include "sys/netlink/netns.h"

int vnm_guest_check(struct vnm_sys *sys, const struct vnm_guest_dev *dev, enum vnm_presence *ret,
		    struct vnm_error *err);
int vnm_guest_find(struct vnm_sys *sys, const struct vnm_guest_dev *dev, struct vnm_link *ret,
		   struct vnm_error *err);
int vnm_guest_free_name(struct vnm_sys *sys, const struct vnm_guest_dev *dev,
			struct vnm_error *err);
int vnm_guest_delete(struct vnm_sys *sys, const struct vnm_guest_dev *dev, struct vnm_error *err);

#endif
