/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trace.h - packets are followed, and what that has changed on the host is restored. */
#ifndef VNM_DRIVER_TRACE_H
#define VNM_DRIVER_TRACE_H

#include "sys/trace/trace.h"
#include "util/error.h"

struct vnm_driver;

int vnm_driver_trace(struct vnm_driver *drv, const struct vnm_trace_job *job,
		     struct vnm_trail *ret, struct vnm_error *err);
void vnm_driver_restore_traced(struct vnm_driver *drv);

#endif
