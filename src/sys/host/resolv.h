/* SPDX-License-Identifier: GPL-2.0-or-later */
/* resolv.h - /etc/netns/NAME/resolv.conf, which ip-netns(8) binds over the system's. */
#ifndef VNM_SYS_RESOLV_H
#define VNM_SYS_RESOLV_H

#include "sys/op_impl.h"

extern const struct vnm_op_impl vnm_impl_resolv;

#endif
