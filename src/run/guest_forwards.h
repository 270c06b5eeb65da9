/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_forwards.h - ports of the host that lead to a guest, for as long as it is attached. */
#ifndef VNM_RUN_GUEST_FORWARDS_H
#define VNM_RUN_GUEST_FORWARDS_H

#include "model/attach.h"
#include "model/network.h"
#include "util/error.h"

struct vnm_driver;

int vnm_guest_check_forwards(struct vnm_driver *drv, const struct vnm_network *net,
			     const struct vnm_attachment *attach, struct vnm_error *err);

#endif
