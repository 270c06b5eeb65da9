/* SPDX-License-Identifier: GPL-2.0-or-later */
/* validate_route.h - <route>: subnets behind guests. */
#ifndef VNM_MODEL_VALIDATE_ROUTE_H
#define VNM_MODEL_VALIDATE_ROUTE_H

#include "model/check.h"

int vnm_check_routes(struct vnm_check *check);

#endif
