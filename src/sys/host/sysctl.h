/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sysctl.h - settings under /proc/sys: a bridge's own, and the host's forwarding switches that all networks share. */
#ifndef VNM_SYS_SYSCTL_H
#define VNM_SYS_SYSCTL_H

#include "sys/op_impl.h"

extern const struct vnm_op_impl vnm_impl_sysctl;

#endif
