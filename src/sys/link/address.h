/* SPDX-License-Identifier: GPL-2.0-or-later */
/* address.h - addresses of our devices. */
#ifndef VNM_SYS_ADDRESS_H
#define VNM_SYS_ADDRESS_H

#include "sys/op_impl.h"

int vnm_address_drop(struct vnm_sys *sys, const struct vnm_op_address *gone, struct vnm_error *err);

void vnm_addresses_see(struct vnm_sys *sys);
void vnm_addresses_forget(struct vnm_sys *sys);

#endif
