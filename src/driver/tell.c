/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tell.c - details, for people who want to see what is being done (-v): as --dry-run prints them. */
#include <string.h>

#include "driver/driver_internal.h"
#include "plan/op/op_print.h"
#include "util/buf.h"

/* An operation in lines, each behind @before. */
static void say_lines(struct vnm_driver *drv, const char *before, const struct vnm_op *op,
		      bool undo)
{
	const struct vnm_plan plan = { (struct vnm_op *)op, 1 };	/* is read only */
	vnm_autobuf struct vnm_buf text = { 0 };
	char *line, *rest;

	vnm_plan_print(&plan, undo, &text);
	rest = text.data;
	while (rest && (line = strsep(&rest, "\n")))
		if (*line)
			vnm_driver_report(drv, VNM_REPORT_DETAIL, "%s%s", before, line);
}

static void say_step(void *data, const struct vnm_op *op, bool undo)
{
	say_lines(data, "", op, undo);
}

/** vnm_driver_report_steps() - say each operation before it is carried out, if details are wanted */
void vnm_driver_report_steps(struct vnm_driver *drv)
{
	if (!drv->report.details)
		return;
	drv->sys.step = say_step;
	drv->sys.step_data = drv;
}

/**
 * vnm_driver_report_missing() - say what a network has lost, one by one, if details are wanted
 * @drv:     the driver
 * @name:    the network
 * @missing: what
 * @n:       how many
 */
void vnm_driver_report_missing(struct vnm_driver *drv, const char *name,
			       const struct vnm_missing *missing, size_t n)
{
	vnm_autobuf struct vnm_buf before = { 0 };

	vnm_buf_printf(&before, "network %s lacks: ", name);
	for (size_t i = 0; drv->report.details && i < n; i++)
		say_lines(drv, vnm_buf_str(&before), missing[i].op, false);
}
