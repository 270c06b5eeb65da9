/* SPDX-License-Identifier: GPL-2.0-or-later */
/* link_needed.h - does the host use a device itself? */
#ifndef VNM_SYS_LINK_NEEDED_H
#define VNM_SYS_LINK_NEEDED_H

#include "sys/sys.h"

#define VNM_NEEDED_SIZE 96

int vnm_link_needed(struct vnm_sys *sys, const struct vnm_fact_link *link,
		    char what[static VNM_NEEDED_SIZE], struct vnm_error *err);

#endif
