/* SPDX-License-Identifier: GPL-2.0-or-later */
/* call.c - one call of the plugin: what is asked for, and the driver. */
#include "cni/call.h"

#include <stdio.h>

static void report(void *data, enum vnm_report_kind kind, const char *line)
{
	(void)data;
	if (kind == VNM_REPORT_WARNING)
		fprintf(stderr, "warning: %s\n", line);
}

/**
 * vnm_cni_open() - open the driver
 * @call:  the call; gets the failure
 * @reads: nothing will be changed
 * @ret:   close with vnm_driver_close()
 *
 * Return: 0 or -1.
 */
int vnm_cni_open(struct vnm_cni_call *call, bool reads, struct vnm_driver **ret)
{
	const struct vnm_options options = {
		.reads = reads,
		.wait = -1,
		.report = { .line = report },
	};

	if (vnm_driver_open(&options, ret, &call->failure.cause) < 0)
		return vnm_cni_fail_cause(&call->failure, "cannot %s now",
					  reads ? "look at networks" : "change networks");
	return 0;
}
