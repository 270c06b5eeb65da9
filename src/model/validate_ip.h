/* SPDX-License-Identifier: GPL-2.0-or-later */
/* validate_ip.h - the addresses of the host on the network, and their subnets. */
#ifndef VNM_MODEL_VALIDATE_IP_H
#define VNM_MODEL_VALIDATE_IP_H

#include "model/check.h"

int vnm_check_ips(struct vnm_check *check);

#endif
