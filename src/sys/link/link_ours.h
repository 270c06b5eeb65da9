/* SPDX-License-Identifier: GPL-2.0-or-later */
/* link_ours.h - a device of ours, from which something is to be reverted. */
#ifndef VNM_SYS_LINK_OURS_H
#define VNM_SYS_LINK_OURS_H

#include "sys/link/link.h"

int vnm_link_find_ours(struct vnm_sys *sys, const char *name, struct vnm_link *ret,
		       struct vnm_error *err);

#endif
