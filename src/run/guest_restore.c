// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * guest_restore.c - restores attachments: when their network starts, and in a repair.
 *
 * An attachment that cannot be whole is not begun: obstacles are checked first (vnm_attach_plan(), and each operation's
 * prepare), and after a later failure what was made is reverted. But what a guest had is not removed because a
 * repair cannot restore the rest.
 */
#include "run/guest_restore.h"

#include <errno.h>
#include <stdlib.h>

#include "run/exec.h"
#include "run/guest_announce.h"
#include "run/guest_apply.h"
#include "run/guest_netns.h"
#include "run/guest_plan.h"
#include "run/guest_state.h"
#include "run/guest_stop.h"
#include "state/guest_store.h"
#include "state/session.h"
#include "util/mem.h"
#include "xml/attach_xml.h"

/* The device itself is among what is missing, so nobody uses it yet. */
static bool makes_device(const struct vnm_plan *plan)
{
	for (size_t i = 0; i < plan->n; i++)
		if (vnm_op_has(&plan->ops[i], VNM_OPF_GUEST_DEVICE))
			return true;
	return false;
}

/* @known: it had a journal, so parts of it may exist. */
static void revert_made(struct vnm_driver *drv, int made, const char *dev,
			const struct vnm_plan *done, bool known)
{
	struct vnm_error err = { 0 };
	int r = vnm_exec_revert_plan(&drv->sys, dev, done, &err);

	if (r == 0 && !known)
		r = vnm_journal_remove(made, dev, &err);
	if (r < 0)
		vnm_driver_report(drv, VNM_REPORT_WARNING,
				  "parts of '%s' are left: %s; net-detach removes them", dev,
				  err.msg);
}

/* Applies @missing of @ops; with a new journal if the old one is of another boot. */
static int make_missing(struct vnm_driver *drv, int made, const struct vnm_attachment *attach,
			const struct vnm_plan *ops, const struct vnm_plan *missing, bool starting,
			struct vnm_steps *steps, struct vnm_error *err)
{
	vnm_autojournal struct vnm_journal before = { 0 };
	int r = drv->assumed ? -ENOENT : vnm_attach_made_before(made, attach->dev, &before, err);
	bool known = r == 0;

	if (r < 0 && r != -ENOENT)
		return r;
	drv->sys.assumes = drv->assumed != NULL;
	r = vnm_exec_prepare_plan(&drv->sys, attach->dev, missing, err);
	drv->sys.assumes = false;
	if (r == 0 && drv->assumed) {
		vnm_steps_add_plan(steps, missing, false);
		return 0;
	}
	if (r == 0)
		r = vnm_journal_replace(made, attach->dev, ops, err);
	if (r < 0)
		return r;
	r = vnm_attach_netns_recorded(drv, made, attach, err);
	if (r == 0)
		r = vnm_guest_apply(drv, attach->dev, missing, err);
	if (r < 0 && (starting || makes_device(missing)))
		revert_made(drv, made, attach->dev, missing, known);
	return r;
}

/* What it has and should not have any more. Return: how much of that there was, or -errno. */
static int drop_superseded(struct vnm_driver *drv, const struct vnm_network *net,
			   const struct vnm_attachment *attach, int made,
			   const struct vnm_plan *ops, struct vnm_error *err)
{
	int limits, addresses;

	if (drv->assumed)
		return 0;
	limits = vnm_attach_drop_limits(drv, made, attach->dev, ops, err);
	if (limits < 0)
		return limits;
	addresses = vnm_attach_drop_addresses(drv, net, attach, made, ops, err);
	return addresses < 0 ? addresses : limits + addresses;
}

/**
 * vnm_attach_restore() - make what is missing of an attachment, and remove what it should not have any more
 * @drv:      the driver
 * @net:      its network
 * @attach:   the guest
 * @starting: its network is not active yet
 * @ret_n:    gets how much of that there was
 * @steps:    gets the steps of a dry run; or NULL
 * @err:      set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_attach_restore(struct vnm_driver *drv, const struct vnm_network *net,
		       const struct vnm_attachment *attach, bool starting, size_t *ret_n,
		       struct vnm_steps *steps, struct vnm_error *err)
{
	vnm_autosteps struct vnm_steps own = { 0 };
	vnm_autoplan struct vnm_plan ops = { 0 };
	vnm_autofree struct vnm_missing *missing = NULL;
	vnm_autoclose int made = drv->assumed ? -1 : vnm_attach_made(drv, net->name, true, err);
	struct vnm_plan lacking = { 0 };
	size_t n = 0;
	int r = made < 0 && !drv->assumed ? made : 0, dropped;

	if (r == 0 && !drv->assumed)
		r = vnm_attach_netns_make(drv, attach, err);
	if (r == 0)
		r = vnm_attach_plan(drv, net, attach, &ops, err);
	dropped = r < 0 ? r : drop_superseded(drv, net, attach, made, &ops, err);
	r = dropped < 0 ? dropped : vnm_exec_check(&drv->sys, &ops, &missing, &n, err);
	for (size_t i = 0; r == 0 && i < n; i++)
		*vnm_plan_add(&lacking, missing[i].op->type) = *missing[i].op;
	if (r == 0)
		r = make_missing(drv, made, attach, &ops, &lacking, starting, &own, err);
	free(lacking.ops);
	vnm_attach_netns_done(drv, attach, r == 0);
	if (r == 0 && n > 0)
		vnm_guest_announce(drv, attach);
	if (r < 0 && !drv->assumed)
		vnm_attach_drop_empty(drv, net->name);
	else if (r == 0)
		*ret_n = n + (size_t)dropped;
	if (r == 0 && steps)
		vnm_steps_move(steps, &own);
	return r;
}

/**
 * vnm_driver_address_guests() - update the addresses, routes and name servers of an active network's guests
 * @drv: the driver
 * @net: the network
 *
 * A failure is a warning.
 */
void vnm_driver_address_guests(struct vnm_driver *drv, const struct vnm_network *net)
{
	struct vnm_attachments all vnm_autoattachments = { 0 };

	vnm_attachments_load(drv, net->name, &all);
	for (size_t i = 0; i < all.n_items; i++) {
		struct vnm_error err = { 0 };
		size_t n;

		if (all.items[i].kind == VNM_ATTACH_NETNS && !vnm_attach_gone(&all.items[i]) &&
		    vnm_attach_restore(drv, net, &all.items[i], false, &n, NULL, &err) < 0) {
			vnm_autofree char *guest = vnm_attach_guest_name(&all.items[i]);

			vnm_driver_report(drv, VNM_REPORT_WARNING,
					  "guest %s: %s; vnetmgr net-repair %s tries again", guest,
					  err.msg, net->name);
		}
	}
}
