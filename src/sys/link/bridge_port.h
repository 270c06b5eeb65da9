/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bridge_port.h - a bridge port: a device enslaved to a bridge. */
#ifndef VNM_SYS_BRIDGE_PORT_H
#define VNM_SYS_BRIDGE_PORT_H

#include "sys/op_impl.h"

int vnm_bridge_port_quiet(struct vnm_sys *sys, const struct vnm_op_bridge_port *op,
			  struct vnm_error *err);

#endif
