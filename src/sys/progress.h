/* SPDX-License-Identifier: GPL-2.0-or-later */
/* progress.h - reports of what takes time. */
#ifndef VNM_SYS_PROGRESS_H
#define VNM_SYS_PROGRESS_H

#include "sys/sys.h"

void vnm_sys_progress(struct vnm_sys *sys, bool waits, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
