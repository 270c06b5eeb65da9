/* SPDX-License-Identifier: GPL-2.0-or-later */
/* validate_lease.h - <lease>: lease times. */
#ifndef VNM_MODEL_VALIDATE_LEASE_H
#define VNM_MODEL_VALIDATE_LEASE_H

#include "model/check.h"

int vnm_check_lease(struct vnm_check *check, const struct vnm_lease *lease);

#endif
