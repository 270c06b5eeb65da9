/* SPDX-License-Identifier: GPL-2.0-or-later */
/* explain_guest.h - the guest's part of a packet's way: its namespace, address, route and next hop, and its port. */
#ifndef VNM_DRIVER_EXPLAIN_GUEST_H
#define VNM_DRIVER_EXPLAIN_GUEST_H

#include "driver/explain_case.h"
#include "sys/trace/trace.h"

int vnm_explain_find_guest(struct vnm_explain_case *of, struct vnm_error *err);
void vnm_explain_guest_clear(struct vnm_explain_guest *guest);
void vnm_explain_port(struct vnm_explain_case *of);
bool vnm_explain_isolated(struct vnm_explain_case *of, const struct vnm_mac *to);
void vnm_explain_silent(struct vnm_explain_case *of);
void vnm_explain_departure(struct vnm_explain_case *of, struct vnm_trace_job *job);

#endif
