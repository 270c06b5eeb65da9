/* SPDX-License-Identifier: GPL-2.0-or-later */
/* define.c - net-define and net-autostart: persistent definitions. */
#include "driver/define.h"

#include <errno.h>

#include "driver/open.h"
#include "run/definition.h"
#include "state/session.h"
#include "xml/network_xml.h"

/* A text that is refused makes no directories; the warnings for one that is not come with the second parse. */
static int try_text(struct vnm_driver *drv, const char *text, size_t len, const char *file,
		    struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_report report = drv->report;
	int r;

	drv->report = (struct vnm_report){ 0 };
	r = vnm_driver_parse_and_validate(drv, text, len, file, VNM_AFFECT_CONFIG, &net, err);
	drv->report = report;
	return r < 0 ? r : vnm_driver_complete_open(drv, err);
}

/**
 * vnm_driver_define() - store a persistent definition
 * @drv:      the driver
 * @text:     the XML, @len bytes
 * @len:      its length
 * @file:     its name, for messages
 * @ret:      the network, and in a dry run its definitions before and after; free with vnm_applied_clear()
 * @err:      set on failure; then nothing is changed
 *
 * Replaces the definition of the same name and UUID; an active network keeps its live one.
 *
 * Return: 0 or -errno.
 */
int vnm_driver_define(struct vnm_driver *drv, const char *text, size_t len, const char *file,
		      struct vnm_applied *ret, struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network net = { 0 }, kept = { 0 };
	vnm_autoapplied struct vnm_applied done = { 0 };
	int r;

	r = drv->late ? try_text(drv, text, len, file, err) : 0;
	if (r == 0)
		r = vnm_driver_parse_and_validate(drv, text, len, file, VNM_AFFECT_CONFIG, &net,
						  err);
	if (r < 0)
		return r;
	r = vnm_driver_check_conflicts(drv, &net, VNM_AFFECT_CONFIG, &kept, err);
	if (r < 0)
		return r;
	if (drv->assumed)
		vnm_applied_compare(&net, &kept, &done);
	else
		vnm_applied_name(&net, &done);
	r = vnm_store_save(&drv->persistent, &net, err);
	if (r < 0)
		return r;
	done.active = vnm_journal_exists(drv->run_fd, net.name);
	*ret = done;
	done = (struct vnm_applied){ 0 };
	return 0;
}

/**
 * vnm_driver_set_autostart() - set or clear the autostart of a network
 * @drv:  the driver
 * @name: the network
 * @on:   which
 * @err:  VNM_ERR_TRANSIENT when it has no definition
 *
 * Return: 0 or -errno.
 */
int vnm_driver_set_autostart(struct vnm_driver *drv, const char *name, bool on,
			     struct vnm_error *err)
{
	if (!vnm_store_has(&drv->persistent, name))
		return vnm_error_set(
			err, VNM_ERR_TRANSIENT, EINVAL,
			"Requested operation is not valid: cannot set autostart for transient "
			"network");
	return vnm_autostart_set(drv->autostart_fd, name, on, err);
}
