/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_reattach.c - reconnects the guests of a network that starts. */
#include "run/guest_reattach.h"

#include <string.h>

#include "run/guest_renumber.h"
#include "run/guest_restore.h"
#include "run/guest_state.h"
#include "state/guest_store.h"
#include "state/session.h"
#include "util/mem.h"
#include "xml/attach_xml.h"

/* What helps here is not --create, as in net-attach: the guest is attached, but for its namespace. */
static bool report_awaited(struct vnm_driver *drv, const struct vnm_network *net,
			   const struct vnm_attachment *attach, const char *guest)
{
	if (!vnm_attach_awaited(&drv->paths, attach))
		return false;
	vnm_driver_report(
		drv, VNM_REPORT_WARNING,
		"%s is not reattached to network '%s': network namespace '%s' does not "
		"exist; when the network is active: ip netns add %s && vnetmgr net-repair %s",
		guest, net->name, attach->netns, attach->netns_name, net->name);
	return true;
}

static void reattach(struct vnm_driver *drv, const struct vnm_network *net,
		     const struct vnm_attachment *attach, struct vnm_steps *steps)
{
	vnm_autofree char *guest = vnm_attach_guest_name(attach);
	struct vnm_error err = { 0 };
	size_t n;

	if (vnm_attach_restore(drv, net, attach, true, &n, steps, &err) < 0 &&
	    !report_awaited(drv, net, attach, guest))
		vnm_driver_report(drv, VNM_REPORT_WARNING,
				  "%s is not reattached to network '%s': %s", guest, net->name,
				  err.msg);
}

/* Another guest may be the one that makes its namespace. */
static bool waits(struct vnm_driver *drv, const struct vnm_attachment *attach)
{
	return attach->created != VNM_TRI_YES && vnm_attach_awaited(&drv->paths, attach);
}

static bool is_among(const struct vnm_warnings *devs, const char *dev)
{
	for (size_t i = 0; i < devs->n; i++)
		if (!strcmp(devs->items[i], dev))
			return true;
	return false;
}

/**
 * vnm_driver_reattach() - restore the guests of a network that has just started
 * @drv:     the driver
 * @net:     the network
 * @waiting: gets the devices of those whose namespace does not exist: another guest may make it, also of another network
 * @steps:   gets the steps of a dry run; or NULL
 *
 * A guest that cannot be restored is a warning: the network is up without it, and nothing of it is left behind.
 */
void vnm_driver_reattach(struct vnm_driver *drv, const struct vnm_network *net,
			 struct vnm_warnings *waiting, struct vnm_steps *steps)
{
	struct vnm_attachments all vnm_autoattachments = { 0 };

	vnm_attachments_load(drv, net->name, &all);
	for (size_t i = 0; i < all.n_items; i++) {
		if (waits(drv, &all.items[i]))
			vnm_warnings_add(waiting, "%s", all.items[i].dev);
		else
			reattach(drv, net, &all.items[i], steps);
	}
	if (!drv->assumed) /* else reported as a step */
		vnm_driver_warn_outside(drv, net);
}

/**
 * vnm_driver_reattach_waiting() - restore the others, when all networks that start have restored theirs
 * @waiting: of vnm_driver_reattach(); cleared
 */
void vnm_driver_reattach_waiting(struct vnm_driver *drv, const struct vnm_network *net,
				 struct vnm_warnings *waiting, struct vnm_steps *steps)
{
	struct vnm_attachments all vnm_autoattachments = { 0 };

	if (waiting->n > 0)
		vnm_attachments_load(drv, net->name, &all);
	for (size_t i = 0; i < all.n_items; i++)
		if (is_among(waiting, all.items[i].dev))
			reattach(drv, net, &all.items[i], steps);
	vnm_warnings_clear(waiting);
}
