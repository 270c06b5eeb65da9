/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attach_prefix.h - the prefix lengths of a guest's addresses. */
#ifndef VNM_DRIVER_ATTACH_PREFIX_H
#define VNM_DRIVER_ATTACH_PREFIX_H

#include "model/attach.h"
#include "model/network.h"
#include "util/error.h"

struct vnm_driver;

int vnm_attach_complete_prefixes(struct vnm_driver *drv, const struct vnm_network *net,
				 struct vnm_attachment *attach, struct vnm_error *err);

#endif
