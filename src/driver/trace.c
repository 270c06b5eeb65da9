/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trace.c - packets are followed, and what that has changed on the host is restored. */
#include "driver/trace.h"

#include "state/session.h"
#include "sys/trace/trace_record.h"

/**
 * vnm_driver_restore_traced() - restore what following a packet has changed, if anything is left of that
 * @drv: the driver, with the lock
 *
 * A failure is a warning, and the next command tries again.
 */
void vnm_driver_restore_traced(struct vnm_driver *drv)
{
	struct vnm_error why = { 0 };

	if (vnm_trace_recover(&drv->sys, &why) < 0)
		vnm_driver_report(drv, VNM_REPORT_WARNING, "%s", why.msg);
}

/**
 * vnm_driver_trace() - send one packet, and follow it
 * @drv: the driver, with the lock
 * @job: the packet
 * @ret: its trail; free with vnm_trail_clear(), in any case
 * @err: set on failure
 *
 * Return: as vnm_trace().
 */
int vnm_driver_trace(struct vnm_driver *drv, const struct vnm_trace_job *job,
		     struct vnm_trail *ret, struct vnm_error *err)
{
	int r = vnm_trace(&drv->sys, job, ret, err);

	vnm_driver_restore_traced(drv);
	return r;
}
