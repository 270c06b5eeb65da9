/* SPDX-License-Identifier: GPL-2.0-or-later */
/* progress.c - reports of what takes time. */
#include "sys/progress.h"

#include <stdarg.h>

#include "util/buf.h"

/**
 * vnm_sys_progress() - report what takes time
 * @sys:   the handles
 * @waits: an event is waited for now
 * @fmt:   the line
 */
void vnm_sys_progress(struct vnm_sys *sys, bool waits, const char *fmt, ...)
{
	vnm_autobuf struct vnm_buf line = { 0 };
	va_list ap;

	if (!sys->progress)
		return;
	va_start(ap, fmt);
	vnm_buf_vprintf(&line, fmt, ap);
	va_end(ap);
	sys->progress(sys->step_data, waits, vnm_buf_str(&line));
}
