/* SPDX-License-Identifier: GPL-2.0-or-later */
/* validate_pool.h - networks on devices of the host. */
#ifndef VNM_MODEL_VALIDATE_POOL_H
#define VNM_MODEL_VALIDATE_POOL_H

#include "model/check.h"

int vnm_check_host_side(struct vnm_check *check);
int vnm_check_pool(struct vnm_check *check);

#endif
