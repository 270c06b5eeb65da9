/* SPDX-License-Identifier: GPL-2.0-or-later */
/* validate_dhcp_host.h - <host> within <dhcp>: reservations. */
#ifndef VNM_MODEL_VALIDATE_DHCP_HOST_H
#define VNM_MODEL_VALIDATE_DHCP_HOST_H

#include "model/check.h"

int vnm_check_dhcp_hosts(struct vnm_check *check, const struct vnm_ip *ip);

#endif
