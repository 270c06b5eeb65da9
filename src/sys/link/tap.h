/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tap.h - persistent taps and tuns. */
#ifndef VNM_SYS_TAP_H
#define VNM_SYS_TAP_H

#include "sys/op_impl.h"

extern const struct vnm_op_impl vnm_impl_tap;

#endif
