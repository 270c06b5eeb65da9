/* SPDX-License-Identifier: GPL-2.0-or-later */
/* validate_evpn.h - <vnm:evpn>: can the hosts of an overlay find each other? And the addresses of hosts. */
#ifndef VNM_MODEL_VALIDATE_EVPN_H
#define VNM_MODEL_VALIDATE_EVPN_H

#include "model/check.h"

int vnm_check_host_address(struct vnm_check *check, const struct vnm_at *at,
			   const struct vnm_addr *addr);
int vnm_check_evpn(struct vnm_check *check);

#endif
