/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * driver_update.c - changing networks: the kept definition, and one that is active while its guests go on.
 *
 * Theory of operation. A live change is planned like a start, from the changed definition; what differs between
 * that plan and the network's record is carried out (exec_change.c), and nothing else is touched. The new record is
 * on disk beside the old one before anything is done, and takes its place after the last step: so a change that
 * was interrupted is known, and taken back (recover.c).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plan/conflict/conflict.h"
#include "plan/conflict/conflict_nat.h"
#include "run/others.h"
#include "util/mem.h"

/**
 * vnm_driver_affect() - which of a network's definitions a command is about
 * @drv:   the driver
 * @name:  the network
 * @flags: VNM_AFFECT_LIVE, VNM_AFFECT_CONFIG, both; 0: the live one of an active network, else the kept one
 * @ret:   the same, resolved
 * @err:   VNM_ERR_INACTIVE, VNM_ERR_TRANSIENT
 *
 * Return: 0 or -errno.
 */
int vnm_driver_affect(struct vnm_driver *drv, const char *name, unsigned flags, unsigned *ret,
		      struct vnm_error *err)
{
	bool active = vnm_driver_active(drv, name);

	if (flags == 0)
		flags = active ? VNM_AFFECT_LIVE : VNM_AFFECT_CONFIG;
	if ((flags & VNM_AFFECT_LIVE) && !active)
		return vnm_error_set(err, VNM_ERR_INACTIVE, ENOENT,
				     "Requested operation is not valid: network is not running");
	if ((flags & VNM_AFFECT_CONFIG) && !vnm_store_has(&drv->persistent, name))
		return vnm_error_set(err, VNM_ERR_TRANSIENT, EINVAL,
				     "Requested operation is not valid: cannot change persistent "
				     "config of a transient network");
	*ret = flags;
	return 0;
}

/* ---- the live network ---- */

static int refuse_obstacle(const struct vnm_network *net, struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_ACTIVE, EBUSY,
			     "Requested operation is not valid: the bridge of network '%s', its "
			     "name and its MAC address stay as long as it is active; change its "
			     "persistent definition (net-update --config, net-define) and restart "
			     "it: vnetmgr net-destroy, vnetmgr net-start",
			     net->name);
}

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

static void tell_steps(struct vnm_driver *drv, const struct vnm_diff *diff)
{
	vnm_autobuf struct vnm_buf text = { 0 };

	vnm_diff_print(diff, &text);
	for (char *line = text.data, *save = NULL;
	     text.len && (line = strtok_r(save ? NULL : line, "\n", &save));)
		vnm_driver_report(drv, VNM_REPORT_DETAIL, "%s", line);
}

/* What carry_change() would do. */
static int assume_change(struct vnm_driver *drv, const struct vnm_network *net,
			 const struct vnm_network *kept, const struct vnm_plan *plan,
			 const struct vnm_diff *diff, struct vnm_buf *steps, struct vnm_error *err)
{
	int r = vnm_exec_change_prepare(&drv->sys, diff, err);

	if (r == 0)
		r = vnm_driver_assume(drv, net, plan, err);
	if (r == 0 && kept)
		r = vnm_store_save(&drv->persistent, kept, err);
	if (r == 0 && steps)
		vnm_diff_print(diff, steps);
	return r;
}

/* The change is a fact; if one of these fails, the next command does it (recover.c). */
static void accept_staged(struct vnm_driver *drv, const char *name, bool kept)
{
	struct vnm_error why = { 0 };

	if (vnm_store_accept(&drv->live, name, &why) < 0 ||
	    (kept && vnm_store_accept(&drv->persistent, name, &why) < 0))
		vnm_driver_report(drv, VNM_REPORT_WARNING, "%s; the next command tries again",
				  why.msg);
}

/* From the record to the last rename. Until the journal is accepted, all that is staged is void. */
static int carry_change(struct vnm_driver *drv, const struct vnm_network *net,
			const struct vnm_network *kept, const struct vnm_plan *old,
			const struct vnm_plan *new, const struct vnm_diff *diff,
			struct vnm_error *err)
{
	struct vnm_error why = { 0 };
	struct vnm_warnings notes = { 0 };
	int r = vnm_journal_propose(drv->run_fd, net->name, new, err);

	tell_steps(drv, diff);
	if (r == 0)
		r = vnm_store_stage(&drv->live, net, err);
	drv->sys.notes = &notes;
	if (r == 0)
		r = vnm_exec_change(&drv->sys, diff, new, err);
	if (r == 0)
		r = vnm_driver_change_guests(drv, net->name, net, old, new, err);
	drv->sys.notes = NULL;
	vnm_driver_warn(drv, &notes);
	if (r == 0 && kept)
		r = vnm_store_stage(&drv->persistent, kept, err);
	if (r == 0)
		r = vnm_driver_mark_leases(drv, net, err);
	if (r == 0)
		r = vnm_journal_accept(drv->run_fd, net->name, err);
	if (r == 0) {
		accept_staged(drv, net->name, kept);
		vnm_driver_settle_leases(drv, net);
		return 0;
	}
	vnm_driver_unmark_leases(drv, net->name);
	if (vnm_driver_rollback_change(drv, net->name, new, old, &why) < 0)
		vnm_driver_report(drv, VNM_REPORT_WARNING,
				  "the change of network '%s' is taken back in part only: %s; the "
				  "next command tries again",
				  net->name, why.msg);
	return r;
}

/**
 * vnm_driver_change() - change an active network from the plan of its journal to another one, while its guests go on
 * @drv:   the driver; one that assumes only prepares the change and takes it for done
 * @net:   the definition that the new plan is of
 * @kept:  the persistent definition from then on, both or neither; NULL: as it is
 * @from:  the plan of the journal
 * @to:    the new plan
 * @steps: what would be done is added, a step a line, by a driver that assumes; or NULL
 * @err:   set on failure; then the network is as it was
 *
 * Return: 0 or -errno: -EBUSY when it takes a restart.
 */
int vnm_driver_change(struct vnm_driver *drv, const struct vnm_network *net,
		      const struct vnm_network *kept, const struct vnm_plan *from,
		      const struct vnm_plan *to, struct vnm_buf *steps, struct vnm_error *err)
{
	vnm_autodiff struct vnm_diff diff = { 0 };
	int r;

	vnm_diff_plans(from, to, &diff);
	if (diff.obstacle)
		return refuse_obstacle(net, err);
	if (drv->assumed)
		return assume_change(drv, net, kept, to, &diff, steps, err);
	r = carry_change(drv, net, kept, from, to, &diff, err);
	if (r == 0)
		vnm_driver_see_others(drv, net->name, to);
	return r;
}

/* Do plans differ at all? */
static bool same_plan(const struct vnm_plan *a, const struct vnm_plan *b)
{
	vnm_autodiff struct vnm_diff diff = { 0 };

	vnm_diff_plans(a, b, &diff);
	return diff.n == 0 && !diff.obstacle;
}

/**
 * vnm_driver_reconcile() - lead an active network to what its guests and ports make of it now, by the same definition
 * @drv:  the driver
 * @name: the network
 * @err:  set on failure; then the network is as it was
 *
 * Return: 0 or -errno.
 */
int vnm_driver_reconcile(struct vnm_driver *drv, const char *name, struct vnm_error *err)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	vnm_autonetwork struct vnm_network net = { 0 };
	vnm_autoplan struct vnm_plan plan = { 0 };
	int r = vnm_store_load(&drv->live, name, &net, err);

	if (r < 0)
		return r;
	vnm_driver_set_runtime_defaults(&net);
	r = vnm_driver_journal(drv, name, true, &journal, err);
	if (r == 0)
		r = vnm_driver_replan(drv, &net, &journal.plan, &plan, err);
	if (r < 0 || same_plan(&journal.plan, &plan))
		return r;
	return vnm_driver_change(drv, &net, NULL, &journal.plan, &plan, NULL, err);
}

/**
 * vnm_driver_live_update() - lead an active network to another definition, while its guests go on
 * @drv:     the driver
 * @old:     the definition that it runs with
 * @net:     the one to come, complete and checked, of the same name
 * @kept:    the persistent definition from then on, both or neither; NULL: as it is
 * @steps:   what would be done is added, a step a line, by a driver that assumes; or NULL
 * @err:     set on failure; then the network is as it was
 *
 * Return: 0 or -errno: -EBUSY when it takes a restart.
 */
int vnm_driver_live_update(struct vnm_driver *drv, const struct vnm_network *old,
			   struct vnm_network *net, const struct vnm_network *kept,
			   struct vnm_buf *steps, struct vnm_error *err)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	vnm_autoplan struct vnm_plan plan = { 0 };
	int r;

	vnm_driver_set_runtime_defaults(net);
	r = vnm_driver_journal(drv, net->name, true, &journal, err);
	if (r == 0)
		r = plan_change(drv, old, &journal.plan, net, &plan, err);
	if (r == 0)
		r = vnm_driver_change(drv, net, kept, &journal.plan, &plan, steps, err);
	if (r < 0)
		return r;
	if (drv->assumed)
		vnm_driver_preview_guests(drv, old, net, steps);
	else
		r = vnm_driver_settle_guests(drv, old, net, err);
	vnm_driver_notify_hook(drv, VNM_HOOK_UPDATED, net, NULL);
	return r;
}

/* ---- net-update ---- */

/** struct edited - a definition before and after the change. @warnings: those that are new with it. */
struct edited {
	struct vnm_network before, after;
	struct vnm_warnings warnings;
};

static void edited_clear(struct edited *edited)
{
	vnm_network_clear(&edited->before);
	vnm_network_clear(&edited->after);
	vnm_warnings_clear(&edited->warnings);
}
#define autoedited __attribute__((cleanup(edited_clear)))

/* What is kept for later may have a way in that another network has now. A live change asks the host itself. */
static int check_edited(struct vnm_driver *drv, const struct vnm_store *store, unsigned affect,
			const struct edited *edited, const struct vnm_other_nets *peers,
			struct vnm_warnings *warnings, struct vnm_error *err)
{
	int r = vnm_conflict_define(&edited->after, peers->refs, peers->n, warnings, err);

	if (r < 0)
		return r;
	if (store == &drv->live)
		return vnm_conflict_forwards(&edited->after, &edited->before, peers->refs, peers->n,
					     err);
	return affect & VNM_AFFECT_LIVE ? 0
					: vnm_driver_check_listeners(drv, &edited->after,
								     &edited->before, warnings,
								     err);
}

static int edit(struct vnm_driver *drv, const struct vnm_store *store, const char *name,
		const struct vnm_update *update, unsigned affect, struct edited *ret,
		struct vnm_error *err)
{
	struct vnm_other_nets all vnm_autoother_nets = { 0 };
	struct vnm_warnings warnings = { 0 };
	int r = vnm_store_load(store, name, &ret->before, err);

	if (r < 0)
		return r;
	vnm_network_copy(&ret->before, &ret->after);
	free(ret->after.file);
	ret->after.file = NULL; /* no line of a file is to blame */
	r = vnm_network_update(&ret->after, update, err);
	if (r == 0)
		r = vnm_driver_validate(drv, &ret->after, 0, &warnings, err);
	if (r == 0)
		r = vnm_network_update_check(update, name, drv->schema, err);
	if (r == 0)
		r = vnm_other_nets_load(drv, name, &all, err);
	if (r == 0)
		r = check_edited(drv, store, affect, ret, &all, &warnings, err);
	if (r == 0)
		vnm_driver_drop_known(drv, &ret->before, &all, 0, &warnings);
	if (r == 0)
		ret->warnings = warnings;
	else
		vnm_warnings_clear(&warnings);
	return r;
}

/* As it is now: an active network does not notice what is kept for later. */
static void tell_updated(struct vnm_driver *drv, const struct vnm_network *kept)
{
	vnm_autonetwork struct vnm_network live = { 0 };
	struct vnm_error err = { 0 };
	bool active = vnm_driver_active(drv, kept->name) &&
		      vnm_store_load(&drv->live, kept->name, &live, &err) == 0;

	vnm_driver_notify_hook(drv, VNM_HOOK_UPDATED, active ? &live : kept, NULL);
}

static int update_both(struct vnm_driver *drv, unsigned affect, struct edited *config,
		       struct edited *live, struct vnm_buf *steps, struct vnm_error *err)
{
	int r;

	if (affect & VNM_AFFECT_LIVE)
		return vnm_driver_live_update(drv, &live->before, &live->after,
					      affect & VNM_AFFECT_CONFIG ? &config->after : NULL,
					      steps, err);
	r = vnm_store_amend(&drv->persistent, &config->after, err);
	if (r == 0)
		tell_updated(drv, &config->after);
	return r;
}

/* Both definitions are checked before either is touched. */
static int prepare(struct vnm_driver *drv, const char *name, unsigned flags,
		   const struct vnm_update *update, unsigned *affect, struct edited *config,
		   struct edited *live, struct vnm_error *err)
{
	int r = vnm_driver_affect(drv, name, flags, affect, err);

	if (r == 0)
		r = vnm_driver_need_schema(drv, err);
	if (r == 0 && (*affect & VNM_AFFECT_CONFIG))
		r = edit(drv, &drv->persistent, name, update, *affect, config, err);
	if (r == 0 && (*affect & VNM_AFFECT_LIVE))
		r = edit(drv, &drv->live, name, update, *affect, live, err);
	if (r == 0)
		vnm_driver_warn(drv, *affect & VNM_AFFECT_CONFIG ? &config->warnings
								 : &live->warnings);
	return r;
}

/**
 * vnm_driver_update() - change one part of a network
 * @drv:    the driver
 * @name:   the network
 * @flags:  as vnm_driver_affect()
 * @update: the change
 * @ret:    which definitions were changed: VNM_AFFECT_LIVE, VNM_AFFECT_CONFIG
 * @steps:  gets what would be done, a step a line, by a driver that assumes; NULL: nobody wants to know
 * @err:    set on failure; then nothing was changed
 *
 * Return: 0 or -errno.
 */
int vnm_driver_update(struct vnm_driver *drv, const char *name, unsigned flags,
		      const struct vnm_update *update, unsigned *ret, struct vnm_buf *steps,
		      struct vnm_error *err)
{
	struct edited config autoedited = { 0 }, live autoedited = { 0 };
	unsigned affect;
	int r = prepare(drv, name, flags, update, &affect, &config, &live, err);

	if (r == 0)
		r = update_both(drv, affect, &config, &live, steps, err);
	if (r == 0 && drv->assumed && steps && (affect & VNM_AFFECT_CONFIG))
		vnm_buf_printf(steps, "~ persistent definition of network '%s'\n", name);
	if (r == 0)
		*ret = affect;
	return r;
}
