/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trace.h - send one packet as a guest or the outside would, and follow it through the packet filters. */
#ifndef VNM_SYS_TRACE_H
#define VNM_SYS_TRACE_H

#include "plan/trace/trail.h"
#include "sys/trace/trace_send.h"

int vnm_trace(struct vnm_sys *sys, const struct vnm_trace_job *job, struct vnm_trail *ret,
	      struct vnm_error *err);

#endif
