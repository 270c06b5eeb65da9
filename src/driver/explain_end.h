/* SPDX-License-Identifier: GPL-2.0-or-later */
/* explain_end.h - what a trail says: where the packet got to, and what follows from there. */
#ifndef VNM_DRIVER_EXPLAIN_END_H
#define VNM_DRIVER_EXPLAIN_END_H

#include "driver/explain_case.h"
#include "sys/trace/trace.h"

void vnm_explain_end(struct vnm_explain_case *of, const struct vnm_trace_job *job,
		     const struct vnm_trail *trail);

#endif
