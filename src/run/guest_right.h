/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_right.h - may a guest be attached at all? Checked at net-attach, and again whenever it is restored. */
#ifndef VNM_RUN_GUEST_RIGHT_H
#define VNM_RUN_GUEST_RIGHT_H

#include <stdint.h>

#include "model/attach.h"
#include "model/network.h"
#include "util/error.h"

struct vnm_driver;

int vnm_attach_right(struct vnm_driver *drv, const struct vnm_network *net,
		     const struct vnm_attachment *attach, uint32_t ino, struct vnm_error *err);

#endif
