/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bridge_wake.h - a bridge that nothing has been on yet is made ready for its ports. */
#ifndef VNM_SYS_BRIDGE_WAKE_H
#define VNM_SYS_BRIDGE_WAKE_H

#include "sys/link/link.h"

int vnm_bridge_wake(struct vnm_sys *sys, const struct vnm_link *bridge);

#endif
