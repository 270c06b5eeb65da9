/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_apply.c - plans of attachments are applied, and what they warn of is reported. */
#include "run/guest_apply.h"

#include "run/exec.h"
#include "state/session.h"

/**
 * vnm_guest_apply() - apply the plan of an attachment, and report the warnings
 * @drv:  the driver
 * @dev:  the attachment's device
 * @plan: the operations
 * @err:  set on failure
 *
 * Return: 0 or -errno; after a failure, parts of it may be applied.
 */
int vnm_guest_apply(struct vnm_driver *drv, const char *dev, const struct vnm_plan *plan,
		    struct vnm_error *err)
{
	struct vnm_warnings *const before = drv->sys.warnings;
	struct vnm_warnings warnings = { 0 };
	int r;

	drv->sys.warnings = &warnings;
	r = vnm_exec_apply_plan(&drv->sys, dev, plan, err);
	drv->sys.warnings = before;
	vnm_driver_warn(drv, &warnings);
	return r;
}
