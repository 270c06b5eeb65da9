/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bridge.h - the bridge of a network: made, recognised, deleted. */
#ifndef VNM_SYS_BRIDGE_H
#define VNM_SYS_BRIDGE_H

#include "sys/op_impl.h"

extern const struct vnm_op_impl vnm_impl_bridge;

#endif
