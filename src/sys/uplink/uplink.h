/* SPDX-License-Identifier: GPL-2.0-or-later */
/* uplink.h - a device of the host in the hands of a bridge of ours, which takes its place. */
#ifndef VNM_SYS_UPLINK_H
#define VNM_SYS_UPLINK_H

#include "sys/op_impl.h"

extern const struct vnm_op_impl vnm_impl_uplink;

#endif
