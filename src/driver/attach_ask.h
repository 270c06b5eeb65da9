/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attach_ask.h - is an address that a guest is to have in use? */
#ifndef VNM_DRIVER_ATTACH_ASK_H
#define VNM_DRIVER_ATTACH_ASK_H

#include <sys/types.h>

#include "model/attach.h"
#include "model/network.h"
#include "sys/link/neighbour.h"

struct vnm_driver;

ssize_t vnm_attach_ask(struct vnm_driver *drv, const struct vnm_network *net,
		       const struct vnm_attachment *attach, struct vnm_probe *ret);

#endif
