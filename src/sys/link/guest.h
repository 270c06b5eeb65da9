/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest.h - devices of guests: find, whatever their name is now, and delete. */
#ifndef VNM_SYS_GUEST_H
#define VNM_SYS_GUEST_H

#include "sys/link/guest_record.h"
#include "sys/op_impl.h"

bool vnm_guest_is_ours(const struct vnm_link *link, const char *kind);
int vnm_guest_check(struct vnm_sys *sys, const struct vnm_guest_dev *dev, enum vnm_presence *ret,
		    struct vnm_error *err);
int vnm_guest_find(struct vnm_sys *sys, const struct vnm_guest_dev *dev, struct vnm_link *ret,
		   struct vnm_error *err);
int vnm_guest_free_name(struct vnm_sys *sys, const struct vnm_guest_dev *dev,
			struct vnm_error *err);
int vnm_guest_delete(struct vnm_sys *sys, const struct vnm_guest_dev *dev, struct vnm_error *err);

#endif
