/* SPDX-License-Identifier: GPL-2.0-or-later */
/* validate.h - validation of a well-formed definition. Pure: reads nothing but the definition. */
#ifndef VNM_MODEL_VALIDATE_H
#define VNM_MODEL_VALIDATE_H

#include "model/check.h"
#include "model/network.h"
#include "util/error.h"

int vnm_network_validate(const struct vnm_network *net, struct vnm_warnings *warnings,
			 struct vnm_error *err);
int vnm_network_validate_beside(const struct vnm_network *net, const struct vnm_beside *beside,
				struct vnm_warnings *warnings, struct vnm_error *err);

#endif
