/* SPDX-License-Identifier: GPL-2.0-or-later */
/* floor.h - the rate that one guest is guaranteed, of what its network lets in: FLOOR. */
#ifndef VNM_SYS_FLOOR_H
#define VNM_SYS_FLOOR_H

#include "sys/op_impl.h"

extern const struct vnm_op_impl vnm_impl_floor;

#endif
