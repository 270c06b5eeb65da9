/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_backlog.c - has the kernel taken on all packets that it has received?
 *
 * What a virtual device gets waits in a queue of the processor for a softirq, on a busy machine that of a thread, which competes with all
 * other processes: the trail of a packet may begin, or go on, late.
 */
#include "sys/trace/trace_backlog.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "util/file.h"
#include "util/mem.h"

#define SOFTNET_MAX (1 << 20)

/**
 * vnm_trace_backlog_none() - does no packet wait?
 * @softnet: of /proc/net/softnet_stat: a line each processor, whose twelfth number is how many wait; before Linux 5.10 it has none
 */
bool vnm_trace_backlog_none(const char *softnet)
{
	unsigned waiting;

	for (const char *line = softnet; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (sscanf(line, "%*x %*x %*x %*x %*x %*x %*x %*x %*x %*x %*x %x", &waiting) == 1 &&
		    waiting > 0)
			return false;
	}
	return true;
}

/** vnm_trace_backlog_empty() - does no packet wait now? Where the kernel does not tell, none does */
bool vnm_trace_backlog_empty(void)
{
	vnm_autofree char *text = NULL;

	return vnm_file_read(AT_FDCWD, "/proc/net/softnet_stat", SOFTNET_MAX, &text, NULL) < 0 ||
	       vnm_trace_backlog_none(text);
}
