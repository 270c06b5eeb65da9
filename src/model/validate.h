/* SPDX-License-Identifier: GPL-2.0-or-later */
/* validate.h - does a well-formed definition make sense? Pure: looks at nothing but the definition. */
#ifndef VNM_MODEL_VALIDATE_H
#define VNM_MODEL_VALIDATE_H

#include "model/network.h"
#include "util/error.h"

struct vnm_taken;

/**
 * struct vnm_beside - what is known of a network beside its definition.
 * @guests: addresses of attached guests, each as good as a reservation; NULL: none
 * @affect: the options of net-update that change the network as a whole, what runs and what is kept; for advice
 */
struct vnm_beside {
	struct vnm_taken *guests;
	const char *affect;
};

int vnm_network_validate(const struct vnm_network *net, struct vnm_warnings *warnings,
			 struct vnm_error *err);
int vnm_network_validate_beside(const struct vnm_network *net, const struct vnm_beside *beside,
				struct vnm_warnings *warnings, struct vnm_error *err);
const char *vnm_txt_fault(const char *text);

#endif
