/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hand_back.c - a network that vnetmgr runs becomes one that libvirt runs.
 *
 * Theory of operation. libvirt makes a bridge of its own. Until it has started the network, guests stay on the old one, which has
 * another name and keeps its addresses; its routes are split, so that libvirt does not refuse the subnet. Then they change over.
 *
 *   record     RUN/NAME.takeover, with "back"; RUN/NAME.others has the devices on the bridge
 *   rename     the bridge steps aside
 *   stop       as net-destroy does
 *   start      virsh net-start
 *   change     the devices go to the new bridge, and the old one goes
 *
 * Killed before libvirt has a bridge, the next command runs the network here; killed after it, it moves the guests.
 */
#include "driver/hand_back.h"

#include <errno.h>

#include "driver/moving.h"
#include "driver/results.h"
#include "driver/stop.h"
#include "state/networks.h"
#include "state/others_record.h"
#include "state/session.h"
#include "state/store.h"
#include "sys/link/bridge_record.h"
#include "sys/link/link.h"
#include "sys/link/link_set.h"
#include "sys/link/route_split.h"

static int stop(struct vnm_moving *moving, struct vnm_error *err)
{
	struct vnm_result *results;
	int r = vnm_driver_destroy(moving->drv, &moving->name, 1, &results, err);

	return r < 0 ? r : vnm_results_take_one(results, err);
}

/* What is on the bridge that stepped aside. Return: 0 or -errno, with @err set; -ENODEV: there is no such bridge. */
static int find_aside(struct vnm_moving *moving, struct vnm_link *ret, struct vnm_error *err)
{
	int r;

	vnm_links_forget(&moving->drv->sys);
	r = vnm_moving_bridge(moving, ret);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_NO_DEVICE, -r,
				     "the bridge of network '%s' is gone", moving->name);
	vnm_others_clear(&moving->others);
	return vnm_others_of(&moving->drv->sys, ret, &moving->others, err);
}

/* That bridge goes; what was on it is enslaved by the start. */
static int start_again(struct vnm_moving *moving, struct vnm_error *err)
{
	struct vnm_link link;
	int r = find_aside(moving, &link, err);

	if (r == 0)
		r = vnm_others_write(moving->drv, moving->name, NULL, &moving->others, err);
	if (r == 0)
		r = vnm_link_delete(&moving->drv->sys, &link, err);
	return r < 0 && r != -ENODEV ? r : vnm_moving_start(moving, err);
}

/* From the bridge that stepped aside to libvirt's. */
static int change_over(struct vnm_moving *moving, struct vnm_error *err)
{
	struct vnm_link link;
	int r = find_aside(moving, &link, err);

	if (r == -ENODEV)
		return 0;
	if (r == 0)
		r = vnm_moving_enslave(moving, &link, err);
	return r < 0 ? r : vnm_link_delete(&moving->drv->sys, &link, err);
}

/* The journal ends with the network; its bridge stays, under the other name: without its record nothing knows it. */
static int stop_aside(struct vnm_moving *moving, struct vnm_error *err)
{
	struct vnm_error ignored = { 0 };
	struct vnm_link link;
	int r = vnm_moving_rename(moving, moving->record.aside, err);

	if (r == 0)
		r = vnm_bridge_record_drop(&moving->drv->sys, moving->record.bridge, err);
	if (r == 0)
		r = stop(moving, err);
	if (r < 0) {
		(void)vnm_moving_rename(moving, moving->record.bridge, &ignored);
		vnm_moving_forget(moving);
		return r;
	}
	r = vnm_moving_bridge(moving, &link);
	return r < 0 ? r : vnm_routes_split(&moving->drv->sys, &link, err);
}

static int start_in_libvirt(struct vnm_moving *moving, const char *text, struct vnm_error *err)
{
	const char *const define[] = { "net-define", "/dev/stdin", NULL };
	struct vnm_error ignored = { 0 };
	int r;

	/* Of mode bridge, if it is active. */
	(void)vnm_moving_virsh(moving, "net-destroy", &ignored);
	r = vnm_virsh(moving->virsh, define, text, NULL, err);
	return r < 0 ? r : vnm_moving_virsh(moving, "net-start", err);
}

/**
 * vnm_driver_hand_back() - stop an active network here, and let libvirt run it
 * @drv:   the driver
 * @virsh: how libvirt is reached
 * @name:  the network
 * @text:  the definition that libvirt is to have of it
 * @ret:   gets " with DEVICE, ..." for devices that are on libvirt's new bridge
 * @err:   set on failure; then it is started here again, if libvirt has not
 *
 * Return: 0 or -errno.
 */
int vnm_driver_hand_back(struct vnm_driver *drv, const struct vnm_virsh *virsh, const char *name,
			 const char *text, struct vnm_buf *ret, struct vnm_error *err)
{
	struct vnm_moving moving vnm_automoving = { .drv = drv, .virsh = virsh, .name = name };
	struct vnm_error more = { 0 };
	int r = vnm_store_load(&drv->live, name, &moving.net, err);

	moving.record.back = true;
	if (r == 0)
		r = vnm_moving_prepare(&moving, err);
	if (r < 0)
		return r;
	r = stop_aside(&moving, err);
	if (r < 0 && vnm_driver_active(drv, name))
		return r;
	if (r == 0)
		r = start_in_libvirt(&moving, text, err);
	if (r == 0)
		r = change_over(&moving, err);
	else if (start_again(&moving, &more) < 0)
		vnm_error_prefix(err, "it cannot be started here again (%s): ", more.msg);
	vnm_moving_forget(&moving);
	vnm_moving_name_others(&moving, ret);
	return r;
}

/**
 * vnm_hand_back_resume() - complete what was interrupted, or run the network here again
 * @moving: the network, with its record; its definition, if it is inactive
 * @err:    set on failure
 *
 * Return: 1: it is libvirt's; 0: it runs here; or -errno.
 */
int vnm_hand_back_resume(struct vnm_moving *moving, struct vnm_error *err)
{
	struct vnm_link link;
	int r;

	if (vnm_driver_active(moving->drv, moving->name))
		r = vnm_moving_rename(moving, moving->record.bridge, err);
	else if (vnm_link_read(&moving->drv->sys, moving->record.bridge, &link) == 0 &&
		 link.fact.index != moving->record.index)
		r = change_over(moving, err) < 0 ? -EIO : 1;
	else
		r = start_again(moving, err);
	if (r >= 0)
		vnm_moving_forget(moving);
	return r;
}
