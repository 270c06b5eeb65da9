/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dhcp_set.h - what a lease has set beside the address: routes, and name servers. */
#ifndef VNM_SYS_DHCP_SET_H
#define VNM_SYS_DHCP_SET_H

#include "sys/op_impl.h"
#include "util/buf.h"

void vnm_dhcp_set_route(struct vnm_buf *set, const struct vnm_op_route *route);
void vnm_dhcp_set_resolv(struct vnm_buf *set);
int vnm_dhcp_set_write(const char *path, const struct vnm_buf *set);
bool vnm_dhcp_set_foreign(struct vnm_sys *sys, const struct vnm_op_dhcp *op);
bool vnm_dhcp_set_holds(struct vnm_sys *sys, const struct vnm_op_dhcp *op);

#endif
