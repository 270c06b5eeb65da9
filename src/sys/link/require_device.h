/* SPDX-License-Identifier: GPL-2.0-or-later */
/* require_device.h - a device of the host that a network uses and does not make. */
#ifndef VNM_SYS_REQUIRE_DEVICE_H
#define VNM_SYS_REQUIRE_DEVICE_H

#include "sys/op_impl.h"

extern const struct vnm_op_impl vnm_impl_require_device;

#endif
