/* SPDX-License-Identifier: GPL-2.0-or-later */
/* link_up.h - a device is set up: the last step of a network, and the first that is reverted. */
#ifndef VNM_SYS_LINK_UP_H
#define VNM_SYS_LINK_UP_H

#include "sys/op_impl.h"

extern const struct vnm_op_impl vnm_impl_link_up;

#endif
