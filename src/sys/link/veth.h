/* SPDX-License-Identifier: GPL-2.0-or-later */
/* veth.h - a pair of devices: one end here, the other in a guest's network namespace. */
#ifndef VNM_SYS_VETH_H
#define VNM_SYS_VETH_H

#include "sys/op_impl.h"

extern const struct vnm_op_impl vnm_impl_veth;

#endif
