/* SPDX-License-Identifier: GPL-2.0-or-later */
/* undefine.c - net-undefine: removes persistent definitions, with what belongs to them. */
#include "driver/undefine.h"

#include <errno.h>

#include "run/guest_remove.h"
#include "run/log.h"
#include "state/leases.h"
#include "state/networks.h"
#include "state/others_record.h"
#include "state/session.h"
#include "util/proc.h"

/* Removes what belonged to an undefined network; every step may be done already. */
static int complete_undefine(struct vnm_driver *drv, const char *name, struct vnm_error *err)
{
	int r = 0;

	if (!vnm_driver_active(drv, name)) {
		vnm_driver_drop_attachments(drv, name);
		vnm_driver_drop_others(drv, name);
		r = vnm_driver_drop_leases(drv, name, err);
	}
	if (r == 0)
		r = vnm_autostart_set(drv->autostart_fd, name, false, err);
	return r < 0 ? r : vnm_store_end_undefine(&drv->persistent, name, err);
}

/* If the network was defined again, all of it belongs to the new definition. */
static int recover_undefine(struct vnm_driver *drv, const char *name, struct vnm_error *err)
{
	int there = vnm_store_readable(&drv->persistent, name, err);

	if (there < 0)
		return there;
	return there ? vnm_store_end_undefine(&drv->persistent, name, err)
		     : complete_undefine(drv, name, err);
}

/** vnm_driver_recover_undefines() - complete interrupted undefines; a failure is a warning. */
void vnm_driver_recover_undefines(struct vnm_driver *drv)
{
	struct vnm_error err = { 0 };
	char **names;
	size_t n;

	if (vnm_store_names(&drv->persistent, VNM_STORE_UNDEFINED, &names, &n, &err) < 0)
		return;
	for (size_t i = 0; i < n; i++) {
		int64_t since = vnm_now_ms();
		int r = recover_undefine(drv, names[i], &err);

		if (r < 0)
			vnm_driver_report(drv, VNM_REPORT_WARNING,
					  "network '%s' was undefined, but: %s; the next command "
					  "tries again",
					  names[i], err.msg);
		vnm_driver_log(drv, VNM_LOG_RECOVERY, names[i],
			       "an earlier command was interrupted while undefining it", since,
			       r < 0 ? &err : NULL);
	}
	vnm_names_free(names, n);
}

/**
 * vnm_driver_undefine() - remove a persistent definition
 * @drv:  the driver
 * @name: the network; an active one becomes transient
 * @err:  VNM_ERR_TRANSIENT when it has no definition, VNM_ERR_NO_NETWORK
 *
 * Its leases, its guests and its autostart link go with it. One rename (NAME.undefined) commits it, and the next command that
 * finds such a file carries out the rest.
 *
 * Return: 0 or -errno.
 */
int vnm_driver_undefine(struct vnm_driver *drv, const char *name, struct vnm_error *err)
{
	int r;

	if (!vnm_store_has(&drv->persistent, name))
		return vnm_error_set(
			err, VNM_ERR_TRANSIENT, EINVAL,
			"Requested operation is not valid: can't undefine transient network");
	r = vnm_store_commit_undefine(&drv->persistent, name, err);
	return r < 0 ? r : complete_undefine(drv, name, err);
}
