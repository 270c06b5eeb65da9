/* SPDX-License-Identifier: GPL-2.0-or-later */
/* validate_dhcp.h - the <dhcp> of an <ip>. */
#ifndef VNM_MODEL_VALIDATE_DHCP_H
#define VNM_MODEL_VALIDATE_DHCP_H

#include "model/check.h"

int vnm_check_dhcp(struct vnm_check *check, const struct vnm_ip *ip);

#endif
