/* SPDX-License-Identifier: GPL-2.0-or-later */
/* public.h - the public summary: what members of the group "vnetmgr" may see of networks. */
#ifndef VNM_STATE_PUBLIC_H
#define VNM_STATE_PUBLIC_H

#include <stdbool.h>

#include "util/error.h"

struct vnm_driver;

#define VNM_PUBLIC_GROUP "vnetmgr"

void vnm_public_begin(struct vnm_driver *drv);
int vnm_public_open(struct vnm_driver *drv, struct vnm_error *err);
bool vnm_public_outdated(const struct vnm_driver *drv);

#endif
