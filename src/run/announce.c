/* SPDX-License-Identifier: GPL-2.0-or-later */
/* announce.c - notifies the hooks of what happens to a network. */
#include "run/announce.h"

#include "state/networks.h"
#include "state/port_store.h"
#include "state/session.h"
#include "xml/network_xml.h"

/**
 * vnm_driver_run_hook() - run the hooks of a network, if there are any
 * @drv:      the driver
 * @op:       the event
 * @net:      the network, as it is now; hooks of an active one get the number of its ports
 * @port_xml: the port that the event is about, or NULL
 * @err:      VNM_ERR_HOOK
 *
 * Return: 0 or -errno.
 */
int vnm_driver_run_hook(struct vnm_driver *drv, enum vnm_hook_op op, const struct vnm_network *net,
			const char *port_xml, struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network shown = { 0 };
	struct vnm_warnings warnings = { 0 };
	struct vnm_error ignored = { 0 };

	if (!vnm_hook_exists(&drv->paths, &warnings))
		return 0;
	vnm_driver_warn(drv, &warnings);
	if (drv->assumed)
		return vnm_hook_check(&drv->paths, err);
	vnm_network_copy(net, &shown);
	if (vnm_driver_active(drv, net->name))
		(void)vnm_driver_show_ports(drv, &shown, &ignored);
	vnm_driver_report_hooks(drv, net->name);
	return vnm_hook_run(&drv->paths, net->name, op, &shown, port_xml, err);
}

/** vnm_driver_report_hooks() - report that hooks of a network are about to run, if there are any */
void vnm_driver_report_hooks(struct vnm_driver *drv, const char *network)
{
	if (vnm_driver_has_hooks(drv))
		vnm_driver_report(drv, VNM_REPORT_WAIT, "network %s: running its hooks", network);
}

/** vnm_driver_has_hooks() - are there any? Then a bulk start or stop releases the lock between networks. */
bool vnm_driver_has_hooks(struct vnm_driver *drv)
{
	struct vnm_warnings ignored = { 0 };
	bool found = vnm_hook_exists(&drv->paths, &ignored);

	vnm_warnings_clear(&ignored);
	return found;
}

/** vnm_driver_notify_hook() - vnm_driver_run_hook() after the fact: a failure is a warning */
void vnm_driver_notify_hook(struct vnm_driver *drv, enum vnm_hook_op op,
			    const struct vnm_network *net, const char *port_xml)
{
	struct vnm_error err = { 0 };

	if (vnm_driver_run_hook(drv, op, net, port_xml, &err) < 0)
		vnm_driver_report(drv, VNM_REPORT_WARNING,
				  "the change of network '%s' is complete, but its hook failed: %s",
				  net->name, err.msg);
}
