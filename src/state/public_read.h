/* SPDX-License-Identifier: GPL-2.0-or-later */
/* public_read.h - the public summary as members of the group "vnetmgr" read it. */
#ifndef VNM_STATE_PUBLIC_READ_H
#define VNM_STATE_PUBLIC_READ_H

#include <stdbool.h>

#include "util/error.h"

struct vnm_driver;
struct vnm_paths;

void vnm_public_paths(struct vnm_paths *paths);
int vnm_public_open(struct vnm_driver *drv, struct vnm_error *err);
bool vnm_public_outdated(const struct vnm_driver *drv);

#endif
