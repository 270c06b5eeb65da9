/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guard.c - guards of uplinks: started before a network, dismissed by a confirmation,
 * and started again if they were killed.
 */
#include "driver/guard.h"

#include <errno.h>
#include <string.h>

#include "driver/guard_process.h"
#include "plan/conflict/other_net.h"
#include "state/networks.h"
#include "state/session.h"
#include "sys/link/address_list.h"
#include "sys/link/link.h"
#include "sys/uplink/gateway.h"
#include "xml/network_xml.h"

/**
 * vnm_driver_set_guard() - how the uplinks of later starts are guarded
 * @drv:   the driver
 * @guard: see there; copied
 */
void vnm_driver_set_guard(struct vnm_driver *drv, const struct vnm_guard *guard)
{
	drv->guard = *guard;
}

/* The guard needs a gateway to probe. */
static int check_gateway(struct vnm_driver *drv, const struct vnm_network *net,
			 struct vnm_error *err)
{
	struct vnm_gateways gateways;
	int r = vnm_gateways_find(&drv->sys, net->uplink.dev, &gateways, err);

	if (r < 0 || gateways.n > 0)
		return r;
	return vnm_error_set(err, VNM_ERR_NO_DEVICE, ENETUNREACH,
			     "no default route leaves by '%s', so no gateway can confirm network "
			     "'%s'; leave --auto out and confirm it: vnetmgr net-confirm %s",
			     net->uplink.dev, net->name, net->name);
}

/* Without one, nobody reaches the host by it. */
static bool has_address(struct vnm_driver *drv, const char *dev)
{
	struct vnm_facts facts __attribute__((cleanup(vnm_facts_clear))) = { 0 };
	struct vnm_error unread = { 0 };
	struct vnm_link link;

	if (vnm_link_read(&drv->sys, dev, &link) < 0 ||
	    vnm_observe_addresses(&drv->sys, &facts, &unread) < 0)
		return false;
	for (size_t i = 0; i < facts.n_addresses; i++)
		if (facts.addresses[i].ifindex == link.fact.index &&
		    !vnm_conflict_link_local(&facts.addresses[i].prefix))
			return true;
	return false;
}

/**
 * vnm_driver_post_guard() - start the guard of a network, if it is to have one
 * @drv: the driver
 * @net: the network, its journal written and nothing applied; a dry run only reports the guard
 * @err: set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_driver_post_guard(struct vnm_driver *drv, const struct vnm_network *net,
			  struct vnm_error *err)
{
	const struct vnm_guarded guarded = {
		.root = drv->root,
		.run = drv->paths.run,
		.run_fd = drv->run_fd,
		.name = net->name,
		.bridge = net->bridge.name,
		.uplink = net->uplink.dev,
		.guard = drv->guard,
	};
	int r;

	if (!vnm_network_has_uplink(net))
		return 0;
	if (drv->guard.seconds == 0) {
		if (drv->guard.unasked && has_address(drv, net->uplink.dev))
			vnm_driver_report(
				drv, VNM_REPORT_HINT,
				"no guard restores '%s' if this host is out of reach now: "
				"--guard 60 starts one, and --guard 0 says that none is "
				"wanted",
				net->uplink.dev);
		return 0;
	}
	r = drv->guard.automatic ? check_gateway(drv, net, err) : 0;
	if (r == 0 && !drv->assumed)
		r = vnm_guard_start(&guarded, err);
	if (r < 0)
		return r;
	vnm_driver_report(drv, VNM_REPORT_WARNING,
			  "'%s' is restored in %u second%s unless %syou confirm network '%s': "
			  "vnetmgr net-confirm %s",
			  net->uplink.dev, drv->guard.seconds, drv->guard.seconds == 1 ? "" : "s",
			  drv->guard.automatic ? "the gateway answers, or " : "", net->name,
			  net->name);
	return 0;
}

/* Too late is the usual reason why there is nothing to confirm. */
static int say_restored(struct vnm_driver *drv, const char *name, struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_error unread = { 0 };

	if (vnm_driver_load(drv, name, &net, &unread) < 0 || !vnm_network_has_uplink(&net))
		return -ENOENT;
	return vnm_error_set(
		err, VNM_ERR_INACTIVE, ENOENT,
		"Requested operation is not valid: network '%s' is not active: a start "
		"that is not confirmed in time is undone, and '%s' is restored",
		name, net.uplink.dev);
}

/**
 * vnm_driver_confirm() - confirm a start: the host is in reach, and the uplink stays enslaved
 * @drv:  the driver
 * @name: the network
 * @err:  VNM_ERR_INACTIVE; VNM_ERR_INVALID without a guard
 *
 * Return: 0 or -errno.
 */
int vnm_driver_confirm(struct vnm_driver *drv, const char *name, struct vnm_error *err)
{
	int r = vnm_driver_need_active(drv, name, err);

	if (r < 0)
		return err->code == VNM_ERR_INACTIVE ? say_restored(drv, name, err) : r;
	if (!vnm_driver_guarded(drv, name))
		return vnm_error_set(err, VNM_ERR_INVALID, EINVAL,
				     "Requested operation is not valid: no guard waits for network "
				     "'%s': it stays as it is",
				     name);
	r = vnm_guard_dismiss(drv->run_fd, name);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot remove '%s/%s%s': %s",
				     drv->paths.run, name, VNM_GUARD_SUFFIX, strerror(-r));
	return 0;
}

/** vnm_driver_guarded() - does a guard wait to restore the uplink of an active network? */
bool vnm_driver_guarded(struct vnm_driver *drv, const char *name)
{
	return vnm_guard_lives(drv->run_fd, name);
}

/** vnm_driver_guard_left() - how many seconds that guard still waits, at most; -1: unknown */
int vnm_driver_guard_left(struct vnm_driver *drv, const char *name)
{
	return vnm_guard_left(drv->run_fd, name);
}
