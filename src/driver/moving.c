/* SPDX-License-Identifier: GPL-2.0-or-later */
/* moving.c - a network on its way from libvirt (takeover.c), or back (hand_back.c): its bridge, and what is on it. */
#include "driver/moving.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "driver/results.h"
#include "driver/start.h"
#include "plan/firewall/fwrule.h"
#include "run/others.h"
#include "state/others_record.h"
#include "state/session.h"
#include "sys/link/bridge_wake.h"
#include "sys/link/link.h"
#include "sys/link/link_set.h"
#include "sys/link/others_move.h"
#include "util/mem.h"
#include "xml/network_xml.h"

/** vnm_moving_clear() - free what it has */
void vnm_moving_clear(struct vnm_moving *moving)
{
	vnm_network_clear(&moving->net);
	vnm_others_clear(&moving->others);
}

/** vnm_moving_virsh() - one command of virsh for the network, such as "net-start". Return: 0 or -errno, with @err set. */
int vnm_moving_virsh(const struct vnm_moving *moving, const char *command, struct vnm_error *err)
{
	const char *const words[] = { command, moving->name, NULL };

	return vnm_virsh(moving->virsh, words, NULL, NULL, err);
}

/** vnm_moving_bridge() - its bridge by its number, if it has one of both names. Return: 0 or -errno; -ENODEV: it is gone. */
int vnm_moving_bridge(const struct vnm_moving *moving, struct vnm_link *ret)
{
	const struct vnm_takeover *record = &moving->record;
	int r = vnm_link_read_index(&moving->drv->sys, record->index, ret);

	if (r < 0)
		return r;
	return !strcmp(ret->fact.kind, "bridge") && (!strcmp(ret->fact.name, record->bridge) ||
						     !strcmp(ret->fact.name, record->aside))
		       ? 0
		       : -ENODEV;
}

/** vnm_moving_rename() - rename its bridge to @to, one of both names. Return: 0 or -errno, with @err set. */
int vnm_moving_rename(struct vnm_moving *moving, const char *to, struct vnm_error *err)
{
	vnm_autofree char *what = vnm_asprintf("the bridge of network '%s'", moving->name);
	struct vnm_link link;
	int r = vnm_moving_bridge(moving, &link);

	if (r < 0)
		return vnm_error_set(err, VNM_ERR_NO_DEVICE, -r, "%s is gone: %s", what,
				     strerror(-r));
	r = vnm_link_restore_name(&moving->drv->sys, &link, to, what, err);
	vnm_links_forget(&moving->drv->sys);
	return r;
}

/**
 * vnm_moving_prepare() - read its bridge and what is on it, and record both, so that the next command knows of it
 * @moving: has the network; gets the rest
 * @err:    set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_moving_prepare(struct vnm_moving *moving, struct vnm_error *err)
{
	const char *bridge = moving->net.bridge.name;
	struct vnm_link link;
	int r = bridge ? vnm_link_need(&moving->drv->sys, bridge, &link, err)
		       : vnm_error_set(err, VNM_ERR_UNSUPPORTED, EINVAL,
				       "network '%s' has no bridge of its own", moving->name);

	if (r == 0)
		r = vnm_others_of(&moving->drv->sys, &link, &moving->others, err);
	if (r < 0)
		return r;
	moving->record.index = link.fact.index;
	snprintf(moving->record.bridge, sizeof(moving->record.bridge), "%s", bridge);
	snprintf(moving->record.aside, sizeof(moving->record.aside), "vnmaside%d", link.fact.index);
	r = vnm_others_write(moving->drv, moving->name, NULL, &moving->others, err);
	return r < 0 ? r
		     : vnm_takeover_write(moving->drv->run_fd, moving->name, &moving->record, err);
}

/**
 * vnm_moving_adopt() - give its bridge its own name, and the group and the MAC address by which the start finds a bridge of ours
 * @moving: the network; without its bridge, the start makes a new one, and enslaves what was on it
 * @err:    set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_moving_adopt(struct vnm_moving *moving, struct vnm_error *err)
{
	struct vnm_link link;
	int r = vnm_moving_bridge(moving, &link);

	if (r == -ENODEV)
		return 0;
	r = vnm_moving_rename(moving, moving->record.bridge, err);
	if (r == 0)
		r = vnm_link_need(&moving->drv->sys, moving->record.bridge, &link, err);
	return r < 0 ? r
		     : vnm_link_set_group(&moving->drv->sys, &link, VNM_GROUP_BASE,
					  &moving->net.mac.address, err);
}

/** vnm_moving_start() - start it here. Return: 0 or -errno, with @err set. */
int vnm_moving_start(struct vnm_moving *moving, struct vnm_error *err)
{
	struct vnm_result *results;
	int r;

	vnm_links_forget(&moving->drv->sys);
	r = vnm_driver_start(moving->drv, &moving->name, 1, &results, err);
	return r < 0 ? r : vnm_results_take_one(results, err);
}

static int put_all(struct vnm_moving *moving, int bridge, struct vnm_error *err)
{
	int failed = 0;

	for (size_t i = 0; i < moving->others.n; i++)
		if (vnm_other_put(&moving->drv->sys, &moving->others.items[i], bridge, err) < 0)
			failed = -EIO;
	return failed;
}

/**
 * vnm_moving_enslave() - put what was on its bridge on the one that has the name now
 * @moving: the network
 * @from:   the bridge that it is still on, which is set down; or NULL
 * @err:    set on failure
 *
 * Without spanning tree meanwhile, which would keep guests from sending for the forward delay.
 *
 * Return: 0 or -errno.
 */
int vnm_moving_enslave(struct vnm_moving *moving, const struct vnm_link *from,
		       struct vnm_error *err)
{
	struct vnm_sys *sys = &moving->drv->sys;
	vnm_autoclose int port = -1;
	struct vnm_link bridge;
	int r, on;

	vnm_links_forget(sys);
	r = vnm_link_need(sys, moving->record.bridge, &bridge, err);
	if (r == 0 && bridge.stp)
		r = vnm_bridge_set_stp(sys, &bridge, false, err);
	if (r < 0)
		return r;
	if (from) {
		port = vnm_bridge_wake(sys, &bridge);
		r = vnm_others_move(sys, &moving->others, from, &bridge, err);
	}
	if (r == 0)
		r = put_all(moving, bridge.fact.index, err);
	on = bridge.stp ? vnm_bridge_set_stp(sys, &bridge, true, err) : 0;
	return r < 0 ? r : on;
}

/** vnm_moving_name_others() - add " with DEVICE, ..." to @out, if there are any */
void vnm_moving_name_others(const struct vnm_moving *moving, struct vnm_buf *out)
{
	const struct vnm_others *others = &moving->others;

	for (size_t i = 0; i < others->n; i++)
		vnm_buf_printf(out, "%s%s", i ? ", " : " with ", others->items[i].name);
}

/** vnm_moving_forget() - remove its records */
void vnm_moving_forget(struct vnm_moving *moving)
{
	vnm_driver_drop_others(moving->drv, moving->name);
	vnm_takeover_drop(moving->drv->run_fd, moving->name);
}
