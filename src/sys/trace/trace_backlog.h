/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trace_backlog.h - has the kernel taken on all packets that it has received? */
#ifndef VNM_SYS_TRACE_BACKLOG_H
#define VNM_SYS_TRACE_BACKLOG_H

#include <stdbool.h>

bool vnm_trace_backlog_empty(void);
bool vnm_trace_backlog_none(const char *softnet);

#endif
