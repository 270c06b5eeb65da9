/* SPDX-License-Identifier: GPL-2.0-or-later */
/* macvlan.h - a guest's device on top of one of the host's: macvlan, macvtap. */
#ifndef VNM_SYS_MACVLAN_H
#define VNM_SYS_MACVLAN_H

#include "sys/op_impl.h"

extern const struct vnm_op_impl vnm_impl_macvlan;

#endif
