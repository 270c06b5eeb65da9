/* SPDX-License-Identifier: GPL-2.0-or-later */
/* port_vlans_print.h - the commands that make a bridge port a member of its VLANs. */
#ifndef VNM_PLAN_PORT_VLANS_PRINT_H
#define VNM_PLAN_PORT_VLANS_PRINT_H

#include "util/buf.h"

void vnm_port_vlans_print(const char *dev, const char *vlans, struct vnm_buf *out);

#endif
