/* SPDX-License-Identifier: GPL-2.0-or-later */
/* session.c - a session with the state directories: what is open, whether it is locked, and where reports go. */
#include "state/session.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plan/op/op_print.h"
#include "plan/op/rules_print.h"
#include "state/owner.h"
#include "sys/handles.h"
#include "xml/attach_xml.h"

/** vnm_driver_report() - hand one line to the report. */
void vnm_driver_report(struct vnm_driver *drv, enum vnm_report_kind kind, const char *fmt, ...)
{
	char line[VNM_ERROR_MAX];
	va_list ap;

	drv->warned |= kind == VNM_REPORT_WARNING;
	if (!drv->report.line)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	drv->report.line(drv->report.data, kind, line);
}

/** vnm_driver_warn() - report the lines of @notes as warnings and clear them. */
void vnm_driver_warn(struct vnm_driver *drv, struct vnm_warnings *notes)
{
	for (size_t i = 0; i < notes->n; i++)
		vnm_driver_report(drv, VNM_REPORT_WARNING, "%s", notes->items[i]);
	vnm_warnings_clear(notes);
}

/** vnm_driver_report_op() - report an operation as --dry-run prints it, as details, each line prefixed by @before; @undo: reverted */
void vnm_driver_report_op(struct vnm_driver *drv, const char *before, const struct vnm_op *op,
			  bool undo)
{
	vnm_autobuf struct vnm_buf text = { 0 };
	char *line, *rest;

	if (op->type == VNM_OP_RULE && drv->sys.fw_backend == VNM_FW_BACKEND_NFTABLES)
		vnm_rule_print(op, undo, &text);
	else
		vnm_op_print(op, undo, &text);
	rest = text.data;
	while (rest && (line = strsep(&rest, "\n")))
		if (*line)
			vnm_driver_report(drv, VNM_REPORT_DETAIL, "%s%s", before, line);
}

static void report_step(void *data, const struct vnm_op *op, bool undo)
{
	vnm_driver_report_op(data, "", op, undo);
}

static void report_progress(void *data, bool waits, const char *line)
{
	vnm_driver_report(data, waits ? VNM_REPORT_WAIT : VNM_REPORT_PROGRESS, "%s", line);
}

/** vnm_driver_report_steps() - report what takes time, and each operation before it is carried out, if details are wanted */
void vnm_driver_report_steps(struct vnm_driver *drv)
{
	drv->sys.progress = report_progress;
	drv->sys.step = drv->report.details ? report_step : NULL;
	drv->sys.step_data = drv;
}

/** vnm_driver_ask_for_root() - add advice to @err, which reports a lack of permission. Return: @r. */
int vnm_driver_ask_for_root(int r, struct vnm_error *err)
{
	const struct vnm_error why = *err;

	return vnm_error_set(err, VNM_ERR_PERMISSION, -r,
			     "%.900s; run this as root, or try it out in: vnetmgr sandbox --uplink",
			     why.msg);
}

/** vnm_driver_own() - claim the run directory for our namespaces, before anything is recorded. Return: 0 or -errno. */
int vnm_driver_own(struct vnm_driver *drv, struct vnm_error *err)
{
	int r = drv->owned || drv->assumed ? 0 : vnm_owner_claim(drv->run_fd, &drv->paths, err);

	drv->owned |= r == 0 && !drv->assumed;
	return r;
}

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

/** vnm_driver_close() - end the session. @drv may be NULL. */
void vnm_driver_close(struct vnm_driver *drv)
{
	if (!drv)
		return;
	if (drv->publish)
		drv->publish(drv);
	if (drv->changes)
		vnm_rules_record_end(&drv->rules);
	vnm_rules_record_clear(&drv->rules);
	vnm_sys_clear(&drv->sys);
	if (!drv->schema_borrowed)
		vnm_schema_free(drv->schema);
	vnm_attachments_clear(&drv->guests);
	vnm_journal_cache_clear(&drv->journals);
	vnm_index_clear(&drv->index);
	vnm_settled_clear(&drv->kept);
	vnm_settled_clear(&drv->run);
	free(drv->guests_of);
	close_fd(drv->autostart_fd);
	close_fd(drv->persistent.fd);
	close_fd(drv->run_fd);
	close_fd(drv->lock_fd);
	vnm_paths_clear(&drv->paths);
	free(drv->root);
	free(drv);
}

/** vnm_cleanup_driver() - for vnm_autodriver. */
void vnm_cleanup_driver(struct vnm_driver **drv)
{
	vnm_driver_close(*drv);
}
