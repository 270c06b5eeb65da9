/* SPDX-License-Identifier: GPL-2.0-or-later */
/* link_kind.h - does the kernel support a kind of device? */
#ifndef VNM_SYS_LINK_KIND_H
#define VNM_SYS_LINK_KIND_H

#include "sys/sys.h"

int vnm_link_kind_need(struct vnm_sys *sys, const char *kind, const char *name,
		       struct vnm_error *err);

#endif
