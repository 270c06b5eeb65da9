/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attach_forwards.h - warns of port forwardings that still lead to the address of a guest that is detached. */
#ifndef VNM_DRIVER_ATTACH_FORWARDS_H
#define VNM_DRIVER_ATTACH_FORWARDS_H

#include "model/attach.h"

struct vnm_driver;

void vnm_attach_warn_forwards(struct vnm_driver *drv, const struct vnm_attachment *attach);

#endif
