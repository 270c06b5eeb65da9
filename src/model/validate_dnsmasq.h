/* SPDX-License-Identifier: GPL-2.0-or-later */
/* validate_dnsmasq.h - <dnsmasq:options>. */
#ifndef VNM_MODEL_VALIDATE_DNSMASQ_H
#define VNM_MODEL_VALIDATE_DNSMASQ_H

#include "model/check.h"

int vnm_check_dnsmasq(struct vnm_check *check);

#endif
