/* SPDX-License-Identifier: GPL-2.0-or-later */
/* route_localnet.h - a bridge's setting route_localnet: port forwardings of 127/8 pass. */
#ifndef VNM_SYS_ROUTE_LOCALNET_H
#define VNM_SYS_ROUTE_LOCALNET_H

#include "sys/op_impl.h"

extern const struct vnm_op_impl vnm_impl_route_localnet;

#endif
