/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_address.h - the address of a guest, by its name. */
#ifndef VNM_DRIVER_GUEST_ADDRESS_H
#define VNM_DRIVER_GUEST_ADDRESS_H

#include "model/attach.h"
#include "util/addr.h"
#include "util/error.h"

struct vnm_driver;

bool vnm_attach_called(const struct vnm_attachment *attach, const char *name);
int vnm_driver_guest_address(struct vnm_driver *drv, const char *network, const char *name,
			     int family, struct vnm_addr *ret, struct vnm_error *err);

#endif
