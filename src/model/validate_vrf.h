/* SPDX-License-Identifier: GPL-2.0-or-later */
/* validate_vrf.h - <vnm:vrf>: can the network be in a VRF? */
#ifndef VNM_MODEL_VALIDATE_VRF_H
#define VNM_MODEL_VALIDATE_VRF_H

#include "model/check.h"

int vnm_check_vrf(struct vnm_check *check);

#endif
