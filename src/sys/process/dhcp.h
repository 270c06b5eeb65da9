/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dhcp.h - a DHCP client in a guest's network namespace. */
#ifndef VNM_SYS_DHCP_H
#define VNM_SYS_DHCP_H

#include "sys/op_impl.h"

int vnm_dhcp_address(struct vnm_sys *sys, const struct vnm_op_netns *ns, const char *dev,
		     struct vnm_prefix *ret);
int vnm_dhcp_drop(struct vnm_sys *sys, const char *dev, const struct vnm_addr *keep,
		  struct vnm_error *err);

#endif
