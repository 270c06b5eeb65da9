/* SPDX-License-Identifier: GPL-2.0-or-later */
/* proxy_neighbour.h - the host answers on a bridge for a guest that is not on it: proxy ARP, proxy NDP. */
#ifndef VNM_SYS_PROXY_NEIGHBOUR_H
#define VNM_SYS_PROXY_NEIGHBOUR_H

#include "sys/op_impl.h"

extern const struct vnm_op_impl vnm_impl_proxy_neighbour;

#endif
