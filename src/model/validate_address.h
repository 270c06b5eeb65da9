/* SPDX-License-Identifier: GPL-2.0-or-later */
/* validate_address.h - addresses and ranges of them, whatever element they are in. */
#ifndef VNM_MODEL_VALIDATE_ADDRESS_H
#define VNM_MODEL_VALIDATE_ADDRESS_H

#include "model/check.h"

int vnm_check_unicast(struct vnm_check *check, const struct vnm_at *at,
		      const struct vnm_addr *addr);
int vnm_check_span(struct vnm_check *check, const struct vnm_at *at, const struct vnm_addr *start,
		   const struct vnm_addr *end);
const struct vnm_ip *vnm_check_own_address(const struct vnm_network *net,
					   const struct vnm_addr *start,
					   const struct vnm_addr *end);

#endif
