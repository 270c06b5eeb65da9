/* SPDX-License-Identifier: GPL-2.0-or-later */
/* live_update.c - live updates: an active network gets another definition, and its guests are adapted. */
#include "run/live_update.h"

#include "run/announce.h"
#include "run/change.h"
#include "run/definition.h"
#include "run/guest_renumber.h"
#include "run/hook.h"
#include "run/lease_kept.h"
#include "run/observe.h"
#include "run/overlay.h"
#include "run/plan_network.h"
#include "state/assume.h"
#include "state/session.h"

static int plan_change(struct vnm_driver *drv, const struct vnm_network *old,
		       const struct vnm_plan *made, const struct vnm_network *net,
		       struct vnm_plan *ret, struct vnm_error *err)
{
	struct vnm_facts facts __attribute__((cleanup(vnm_facts_clear))) = { 0 };
	int r = vnm_driver_observe(drv, net, 1, &facts, err);

	if (r < 0)
		return r;
	if (vnm_network_makes_bridge(old))
		vnm_facts_forget(&facts, old->bridge.name);
	vnm_facts_recall_zone(&facts, made);
	return vnm_driver_plan(drv, net, old, &facts, NULL, 0, ret, err);
}

/**
 * vnm_driver_live_update() - give an active network another definition, with guests connected
 * @drv:     the driver
 * @old:     the live definition
 * @net:     the new one, complete and checked, of the same name
 * @kept:    the new persistent definition, changed along with the live one; NULL: unchanged
 * @steps:   gets the steps of a dry run; or NULL
 * @err:     set on failure; then the network is unchanged
 *
 * Return: 0 or -errno: -EBUSY when it takes a restart.
 */
int vnm_driver_live_update(struct vnm_driver *drv, const struct vnm_network *old,
			   struct vnm_network *net, const struct vnm_network *kept,
			   struct vnm_steps *steps, struct vnm_error *err)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	vnm_autoplan struct vnm_plan plan = { 0 };
	const struct vnm_live_change change = {
		.net = net, .kept = kept, .from = &journal.plan, .to = &plan
	};
	int r;

	vnm_driver_set_runtime_defaults(net);
	r = vnm_driver_resolve_overlay(drv, net, old, err);
	if (r == 0)
		r = vnm_driver_journal(drv, net->name, true, &journal, err);
	if (r == 0)
		r = plan_change(drv, old, &journal.plan, net, &plan, err);
	if (r == 0)
		r = vnm_driver_change(drv, &change, steps, err);
	if (r < 0)
		return r;
	if (drv->assumed)
		vnm_driver_preview_guests(drv, old, net, steps);
	else
		r = vnm_driver_adapt_guests(drv, old, net, err);
	if (r == 0 && !drv->assumed)
		vnm_driver_hint_kept(drv, old, net);
	vnm_driver_notify_hook(drv, VNM_HOOK_UPDATED, net, NULL);
	return r;
}
