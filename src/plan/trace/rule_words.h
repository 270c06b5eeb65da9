/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rule_words.h - a rule of a trail in words: where it is, whose it is, what shows it, and what mends it. Pure. */
#ifndef VNM_PLAN_RULE_WORDS_H
#define VNM_PLAN_RULE_WORDS_H

#include "plan/firewall/fw_backend.h"
#include "plan/trace/trail.h"
#include "util/buf.h"

const char *vnm_rule_family(const struct vnm_trace_event *event);
const char *vnm_rule_owner(const struct vnm_trace_event *event);
void vnm_rule_place(const struct vnm_trace_event *event, struct vnm_buf *out);
void vnm_rule_show(const struct vnm_trace_event *event, struct vnm_buf *out);
bool vnm_rule_is_ours(const struct vnm_trace_event *event);
void vnm_rule_mend(const struct vnm_trace_event *event, const char *bridge, bool answer,
		   enum vnm_fw_backend backend, struct vnm_buf *out);
void vnm_rule_delete(const struct vnm_trace_event *event, struct vnm_buf *out);
bool vnm_rule_drops(const struct vnm_trace_event *event);

#endif
