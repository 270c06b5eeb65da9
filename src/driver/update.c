/* SPDX-License-Identifier: GPL-2.0-or-later */
/* update.c - net-update: changes one section of the persistent definition, the live one, or both. */
#include "driver/update.h"

#include <errno.h>
#include <stdlib.h>

#include "plan/conflict/conflict.h"
#include "plan/conflict/conflict_nat.h"
#include "run/announce.h"
#include "run/definition.h"
#include "run/hook.h"
#include "run/live_update.h"
#include "run/plan_network.h"
#include "state/networks.h"
#include "state/session.h"
#include "util/mem.h"
#include "xml/network_xml.h"

/**
 * vnm_driver_affect() - which of a network's definitions a command changes or reads
 * @drv:   the driver
 * @name:  the network
 * @flags: VNM_AFFECT_LIVE, VNM_AFFECT_CONFIG, both; 0: the live one of an active network, else the persistent one
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

/* A persistent definition may conflict with the port forwarding of another network. A live change checks the host as well. */
static int check_edited(struct vnm_driver *drv, const struct vnm_store *store, unsigned affect,
			const struct edited *edited, const struct vnm_other_nets *others,
			struct vnm_warnings *warnings, struct vnm_error *err)
{
	int r = vnm_conflict_define(&edited->after, others->refs, others->n, warnings, err);

	if (r < 0)
		return r;
	if (store == &drv->live)
		return vnm_conflict_forwards(&edited->after, &edited->before, others->refs,
					     others->n, err);
	return affect & VNM_AFFECT_LIVE
		       ? 0
		       : vnm_driver_check_listeners(drv, &edited->after, &edited->before, warnings,
						    err);
}

static int edit(struct vnm_driver *drv, const struct vnm_store *store, const char *name,
		const struct vnm_update *update, unsigned affect, struct edited *ret,
		struct vnm_error *err)
{
	const struct vnm_network *near[] = { &ret->before, &ret->after };
	struct vnm_other_nets all vnm_autoother_nets = { 0 };
	struct vnm_warnings warnings = { 0 };
	int r = vnm_store_load(store, name, &ret->before, err);

	if (r < 0)
		return r;
	vnm_network_copy(&ret->before, &ret->after);
	free(ret->after.file);
	ret->after.file = NULL; /* its lines are not those of the file */
	r = vnm_network_update(&ret->after, update, err);
	if (r == 0)
		r = vnm_driver_validate(drv, &ret->after, 0, &warnings, err);
	if (r == 0)
		r = vnm_network_update_check(update, name, drv->schema, err);
	if (r == 0)
		r = vnm_other_nets_near(drv, name, near, VNM_ARRAY_SIZE(near), NULL, &all, err);
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

/* Hooks get the definition in effect: an active network is not affected by a persistent change. */
static void notify_updated(struct vnm_driver *drv, const struct vnm_network *kept)
{
	vnm_autonetwork struct vnm_network live = { 0 };
	struct vnm_error err = { 0 };
	bool active = vnm_driver_active(drv, kept->name) &&
		      vnm_store_load(&drv->live, kept->name, &live, &err) == 0;

	vnm_driver_notify_hook(drv, VNM_HOOK_UPDATED, active ? &live : kept, NULL);
}

static int update_both(struct vnm_driver *drv, unsigned affect, struct edited *config,
		       struct edited *live, struct vnm_steps *steps, struct vnm_error *err)
{
	int r;

	if (affect & VNM_AFFECT_LIVE)
		return vnm_driver_live_update(drv, &live->before, &live->after,
					      affect & VNM_AFFECT_CONFIG ? &config->after : NULL,
					      steps, err);
	r = vnm_store_amend(&drv->persistent, &config->after, err);
	if (r == 0)
		notify_updated(drv, &config->after);
	return r;
}

/* One of the two definitions refuses a change. Would the other one take it? */
static void hint_other(struct vnm_driver *drv, const char *name, const struct vnm_update *update,
		       bool live)
{
	struct edited autoedited scratch = { 0 };
	struct vnm_update again = *update;
	struct vnm_error ignored = { 0 };

	if (!update->hint)
		return;
	again.hint = NULL;
	if (edit(drv, live ? &drv->live : &drv->persistent, name, &again,
		 live ? VNM_AFFECT_LIVE : VNM_AFFECT_CONFIG, &scratch, &ignored) < 0)
		return;
	free(*update->hint);
	*update->hint =
		vnm_asprintf("the %s refuses it; the %s alone: --%s",
			     live ? "persistent config" : "live state",
			     live ? "live state" : "persistent config", live ? "live" : "config");
}

/* Both definitions are checked before either is changed. */
static int prepare_edits(struct vnm_driver *drv, const char *name, unsigned flags,
			 const struct vnm_update *update, unsigned *affect, struct edited *config,
			 struct edited *live, struct vnm_error *err)
{
	bool both, first = false;
	int r = vnm_driver_affect(drv, name, flags, affect, err);

	if (r == 0)
		r = vnm_driver_need_schema(drv, err);
	if (r < 0)
		return r;
	both = *affect == (VNM_AFFECT_LIVE | VNM_AFFECT_CONFIG);
	if (*affect & VNM_AFFECT_CONFIG)
		r = edit(drv, &drv->persistent, name, update, *affect, config, err);
	first = r < 0;
	if (r == 0 && (*affect & VNM_AFFECT_LIVE))
		r = edit(drv, &drv->live, name, update, *affect, live, err);
	if (r < 0 && both)
		hint_other(drv, name, update, first);
	if (r == 0)
		vnm_driver_warn(drv,
				*affect & VNM_AFFECT_CONFIG ? &config->warnings : &live->warnings);
	return r;
}

/**
 * vnm_driver_update() - change one section of a network's definition
 * @drv:    the driver
 * @name:   the network
 * @flags:  as vnm_driver_affect()
 * @update: the change
 * @ret:    which definitions were changed: VNM_AFFECT_LIVE, VNM_AFFECT_CONFIG
 * @steps:  gets the steps of a dry run; or NULL
 * @err:    set on failure; then nothing is changed
 *
 * Return: 0 or -errno.
 */
int vnm_driver_update(struct vnm_driver *drv, const char *name, unsigned flags,
		      const struct vnm_update *update, unsigned *ret, struct vnm_steps *steps,
		      struct vnm_error *err)
{
	struct edited config autoedited = { 0 }, live autoedited = { 0 };
	unsigned affect;
	int r = prepare_edits(drv, name, flags, update, &affect, &config, &live, err);

	if (r == 0)
		r = update_both(drv, affect, &config, &live, steps, err);
	if (r == 0 && drv->assumed && steps && (affect & VNM_AFFECT_CONFIG))
		vnm_steps_add(steps, VNM_STEP_CHANGE, "definition",
			      "persistent definition of network '%s'", name);
	if (r == 0)
		*ret = affect;
	return r;
}
