/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trace.c - packets are followed, and what that has changed on the host is restored. */
#include "driver/trace.h"

#include "state/holder.h"
#include "state/session.h"
#include "sys/trace/trace_record.h"
#include "util/file.h"
#include "util/mem.h"

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

/*
 * What a packet that is followed changes on the host is recorded, and restored by the next command if this one is killed: so the lock is
 * held meanwhile, some 50 ms, even where a session does without. Others that wait for it come first.
 */
static int take_lock(struct vnm_driver *drv, int *ret, struct vnm_error *err)
{
	const struct vnm_hold hold = {
		.run_fd = drv->run_fd, .run = drv->paths.run, .again = true, .seconds = -1
	};
	int r = drv->lock_fd < 0 ? vnm_hold_take(&hold, ret, err) : 0;

	if (r == 0)
		vnm_driver_restore_traced(drv);
	return r;
}

/**
 * vnm_driver_trace() - send one packet, and follow it
 * @drv: the driver; one without the lock takes it for this
 * @job: the packet
 * @ret: its trail; free with vnm_trail_clear(), in any case
 * @err: set on failure, unless -ENOBUFS
 *
 * Return: as vnm_trace(); -ETIMEDOUT: another command holds the lock.
 */
int vnm_driver_trace(struct vnm_driver *drv, const struct vnm_trace_job *job,
		     struct vnm_trail *ret, struct vnm_error *err)
{
	vnm_autoclose int lock = -1;
	int r = take_lock(drv, &lock, err);

	if (r < 0)
		return r;
	r = vnm_trace(&drv->sys, job, ret, err);
	vnm_driver_restore_traced(drv);
	return r;
}
