/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nameserver.h - systemd-resolved is told who knows the names of a network's domain. */
#ifndef VNM_SYS_NAMESERVER_H
#define VNM_SYS_NAMESERVER_H

#include "sys/op_impl.h"

extern const struct vnm_op_impl vnm_impl_nameserver;

#endif
