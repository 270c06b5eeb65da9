/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_announce.h - tell the other hosts of a guest's network that it is here. */
#ifndef VNM_RUN_GUEST_ANNOUNCE_H
#define VNM_RUN_GUEST_ANNOUNCE_H

#include "model/attach.h"

struct vnm_driver;

void vnm_guest_announce(struct vnm_driver *drv, const struct vnm_attachment *attach);
void vnm_guest_announce_elsewhere(struct vnm_driver *drv, const struct vnm_attachment *attach);

#endif
