/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trace_rules.h - the rules of a trail: what each did, and its text. */
#ifndef VNM_SYS_TRACE_RULES_H
#define VNM_SYS_TRACE_RULES_H

#include "plan/trace/trail.h"
#include "sys/sys.h"

void vnm_trace_rules(struct vnm_sys *sys, struct vnm_trail *trail);

#endif
