/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bandwidth.h - limits of a bridge's or a guest's traffic: BANDWIDTH. */
#ifndef VNM_SYS_BANDWIDTH_H
#define VNM_SYS_BANDWIDTH_H

#include "sys/op_impl.h"

void vnm_observe_bandwidth(struct vnm_sys *sys, struct vnm_facts *facts);

#endif
