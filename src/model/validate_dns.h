/* SPDX-License-Identifier: GPL-2.0-or-later */
/* validate_dns.h - <dns>: what dnsmasq answers. */
#ifndef VNM_MODEL_VALIDATE_DNS_H
#define VNM_MODEL_VALIDATE_DNS_H

#include "model/check.h"

const char *vnm_txt_fault(const char *text);
int vnm_check_dns(struct vnm_check *check);

#endif
