/* SPDX-License-Identifier: GPL-2.0-or-later */
/* validate_nat.h - port forwarding and NAT of a network. */
#ifndef VNM_MODEL_VALIDATE_NAT_H
#define VNM_MODEL_VALIDATE_NAT_H

#include "model/check.h"

int vnm_check_nat(struct vnm_check *check);

#endif
