/* SPDX-License-Identifier: GPL-2.0-or-later */
/* validate.h - does a well-formed definition make sense? Pure: looks at nothing but the definition. */
#ifndef VNM_MODEL_VALIDATE_H
#define VNM_MODEL_VALIDATE_H

#include "network.h"
#include "util/error.h"

struct vnm_taken;

int vnm_network_validate(const struct vnm_network *net, struct vnm_notes *warnings,
			 struct vnm_error *err);
int vnm_network_validate_beside(const struct vnm_network *net, struct vnm_taken *guests,
				struct vnm_notes *warnings, struct vnm_error *err);
const char *vnm_txt_fault(const char *text);

#endif
