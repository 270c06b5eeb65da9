/* SPDX-License-Identifier: GPL-2.0-or-later */
/* route_rule.h - the rules of policy routing that refuse packets. */
#ifndef VNM_SYS_ROUTE_RULE_H
#define VNM_SYS_ROUTE_RULE_H

#include "sys/trace/route_ask.h"

bool vnm_route_refusal(struct vnm_sys *sys, const struct vnm_route_question *question,
		       const char *in, uint32_t *ret_preference);

#endif
