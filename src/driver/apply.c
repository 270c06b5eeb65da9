/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * apply.c - net-apply and net-diff: make a network match a file (defined, active, whole), and show the differences.
 *
 * Applying it again changes nothing.
 */
#include "driver/apply.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "driver/repair.h"
#include "driver/results.h"
#include "driver/start.h"
#include "driver/update.h"
#include "run/definition.h"
#include "run/live_update.h"
#include "run/overlay.h"
#include "state/networks.h"
#include "state/public_definition.h"
#include "state/session.h"
#include "util/mem.h"
#include "xml/network_xml.h"

/** struct apply - one file being applied. @before: the persistent definition, if @kept. */
struct apply {
	struct vnm_network net, before;
	bool kept, active;
	struct vnm_applied done;
};

static void apply_clear(struct apply *apply)
{
	vnm_network_clear(&apply->net);
	vnm_network_clear(&apply->before);
	vnm_applied_clear(&apply->done);
}
#define autoapply __attribute__((cleanup(apply_clear)))

static bool same_definition(const struct vnm_network *a, const struct vnm_network *b)
{
	vnm_autofree char *x = vnm_definition_text(a), *y = vnm_definition_text(b);

	return !strcmp(x, y);
}

static int load_and_check(struct vnm_driver *drv, struct apply *apply, struct vnm_error *err)
{
	const char *name = apply->net.name;
	int r = vnm_driver_check_conflicts(drv, &apply->net, VNM_AFFECT_LIVE | VNM_AFFECT_CONFIG,
					   NULL, err);

	if (r < 0)
		return r;
	apply->active = vnm_driver_active(drv, name);
	apply->kept = vnm_store_has(&drv->persistent, name);
	if (apply->kept)
		r = vnm_store_load(&drv->persistent, name, &apply->before, err);
	if (r == 0)
		vnm_applied_compare(&apply->net, &apply->before, &apply->done);
	apply->done.started = !apply->active;
	return r;
}

/* The old persistent definition, or none. */
static void restore_definition(struct vnm_driver *drv, const struct apply *apply)
{
	struct vnm_error ignored = { 0 };

	if (!apply->done.defined)
		return;
	if (apply->kept)
		(void)vnm_store_save(&drv->persistent, &apply->before, &ignored);
	else
		(void)vnm_store_remove(&drv->persistent, apply->net.name, &ignored);
}

static int first_error(struct vnm_result *results, int r, struct vnm_error *err)
{
	if (r < 0)
		return r;
	if (results[0].failed) {
		*err = results[0].err;
		r = vnm_error_errno(err);
	}
	return r;
}

static void take_steps(struct apply *apply, struct vnm_result *result)
{
	vnm_steps_move(&apply->done.steps, &result->steps);
}

static int repair_active(struct vnm_driver *drv, struct apply *apply, struct vnm_error *err)
{
	const char *name = apply->net.name;
	struct vnm_result *results;
	int r = vnm_driver_repair(drv, &name, 1, &results, err);

	if (r < 0)
		return r;
	if (results[0].obstructed) { /* the definition is in effect as far as we can apply it */
		vnm_driver_report(drv, VNM_REPORT_WARNING, "network '%s': %s", name,
				  results[0].err.msg);
		results[0].failed = false;
	}
	r = first_error(results, r, err);
	if (r == 0)
		take_steps(apply, results);
	if (r == 0 && results[0].detail && !apply->done.repaired)
		apply->done.repaired = vnm_strdup(results[0].detail);
	vnm_results_free(results, 1);
	return r;
}

static int start_inactive(struct vnm_driver *drv, struct apply *apply, struct vnm_error *err)
{
	const char *name = apply->net.name;
	struct vnm_result *results;
	int r = vnm_driver_start(drv, &name, 1, &results, err);

	if (r < 0)
		return r;
	r = first_error(results, r, err);
	if (r == 0)
		take_steps(apply, results);
	vnm_results_free(results, 1);
	return r;
}

/* An active network, with guests connected. */
static int change_active(struct vnm_driver *drv, struct apply *apply, struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network old = { 0 }, new = { 0 };
	int r = vnm_store_load(&drv->live, apply->net.name, &old, err);

	if (r < 0)
		return r;
	vnm_network_copy(&apply->net, &new);
	vnm_driver_set_runtime_defaults(&new);
	r = vnm_driver_resolve_overlay(drv, &new, &old, err);
	if (r < 0)
		return r;
	apply->done.changed = !same_definition(&old, &new);
	if (!apply->done.changed)
		return apply->done.defined ? vnm_store_save(&drv->persistent, &apply->net, err) : 0;
	return vnm_driver_live_update(drv, &old, &new, apply->done.defined ? &apply->net : NULL,
				      &apply->done.steps, err);
}

/* The change may depend on what the network lacks. */
static int change_or_repair(struct vnm_driver *drv, struct apply *apply, struct vnm_error *err)
{
	struct vnm_error ignored = { 0 };
	int r = change_active(drv, apply, err);

	if (r < 0 && repair_active(drv, apply, &ignored) == 0 && apply->done.repaired)
		r = change_active(drv, apply, err);
	return r;
}

static int apply_definition(struct vnm_driver *drv, struct apply *apply, struct vnm_error *err)
{
	int r = 0;

	if (apply->active) {
		r = change_or_repair(drv, apply, err);
		return r < 0 ? r : repair_active(drv, apply, err);
	}
	if (apply->done.defined)
		r = vnm_store_save(&drv->persistent, &apply->net, err);
	if (r < 0)
		return r;
	r = start_inactive(drv, apply, err);
	if (r < 0)
		restore_definition(drv, apply);
	return r;
}

/**
 * vnm_driver_apply() - make a network match a text: defined, active, whole
 * @drv:  the driver
 * @text: the XML, @len bytes
 * @len:  its length
 * @file: its name, for messages
 * @ret:  the outcome; free with vnm_applied_clear()
 * @err:  set on failure: then the network is unchanged, or, if only a repair failed, changed
 *        but not whole. VNM_ERR_ACTIVE: it takes a restart
 *
 * Return: 0 or -errno.
 */
int vnm_driver_apply(struct vnm_driver *drv, const char *text, size_t len, const char *file,
		     struct vnm_applied *ret, struct vnm_error *err)
{
	struct apply apply autoapply = { 0 };
	int r = vnm_driver_parse_and_validate(drv, text, len, file,
					      VNM_AFFECT_LIVE | VNM_AFFECT_CONFIG, &apply.net, err);

	if (r == 0)
		r = load_and_check(drv, &apply, err);
	if (r < 0)
		return r;
	r = apply_definition(drv, &apply, err);
	if (r < 0)
		return r;
	*ret = apply.done;
	apply.done = (struct vnm_applied){ 0 };
	return 0;
}

/**
 * vnm_driver_takes_restart() - does an active network get its persistent definition only by a restart?
 * @drv:  the driver
 * @name: the network
 *
 * A bridge keeps its name and its MAC address; what the persistent definition leaves out is not changed.
 */
bool vnm_driver_takes_restart(struct vnm_driver *drv, const char *name)
{
	vnm_autonetwork struct vnm_network kept = { 0 }, live = { 0 };
	struct vnm_error unread = { 0 };

	if (vnm_store_load(&drv->persistent, name, &kept, &unread) < 0 ||
	    vnm_store_load(&drv->live, name, &live, &unread) < 0)
		return false;
	return vnm_network_makes_bridge(&kept) != vnm_network_makes_bridge(&live) ||
	       (vnm_network_makes_bridge(&kept) && kept.bridge.name && live.bridge.name &&
		strcmp(kept.bridge.name, live.bridge.name) != 0) ||
	       (kept.mac.address.set && !vnm_mac_equal(&kept.mac.address, &live.mac.address));
}

/* Nothing is different only because one of the two has what the public summary leaves out. */
static void compare_public(struct vnm_driver *drv, const struct vnm_network *kept,
			   const struct vnm_network *other, char **ret_kept, char **ret_other)
{
	struct vnm_network shown_kept, shown_other;

	vnm_public_definition(kept, &shown_kept);
	vnm_public_definition(other, &shown_other);
	vnm_definition_texts(&shown_kept, &shown_other, ret_kept, ret_other);
	free(shown_kept.ips);
	free(shown_other.ips);
	vnm_driver_report(drv, VNM_REPORT_WARNING,
			  "this is not all: what only root may see is not compared, and nor is "
			  "network '%s' with the system; for all of it: sudo vnetmgr net-diff %s",
			  kept->name, kept->name);
}

/**
 * vnm_driver_compare() - two definitions of a network, as texts
 * @drv:      the driver
 * @name:     the network
 * @text:     another definition of it, @len bytes; NULL: the live one
 * @len:      its length
 * @file:     its name, for messages
 * @ret_kept: the persistent definition, allocated
 * @ret_other: the other one, including all that was generated for the persistent one
 * @err:      VNM_ERR_TRANSIENT without a persistent definition, VNM_ERR_INACTIVE without a live one
 *
 * Return: 0 or -errno; nothing is changed.
 */
int vnm_driver_compare(struct vnm_driver *drv, const char *name, const char *text, size_t len,
		       const char *file, char **ret_kept, char **ret_other, struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network kept = { 0 }, other = { 0 };
	unsigned affect = text ? VNM_AFFECT_CONFIG : VNM_AFFECT_CONFIG | VNM_AFFECT_LIVE;
	int r = vnm_driver_affect(drv, name, affect, &affect, err);

	if (r == 0)
		r = vnm_store_load(&drv->persistent, name, &kept, err);
	if (r == 0 && text)
		r = vnm_driver_parse_and_validate(drv, text, len, file, VNM_AFFECT_CONFIG, &other,
						  err);
	else if (r == 0)
		r = vnm_store_load(&drv->live, name, &other, err);
	if (r < 0)
		return r;
	if (strcmp(other.name, name) != 0)
		return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
				     "%s: defines network '%s', not '%s'", file, other.name, name);
	vnm_driver_inherit_generated(drv, &other, NULL);
	if (!text)
		vnm_driver_set_runtime_defaults(&kept);
	if (!text)
		(void)vnm_driver_resolve_overlay(drv, &kept, &other, &(struct vnm_error){ 0 });
	if (drv->paths.public)
		compare_public(drv, &kept, &other, ret_kept, ret_other);
	else
		vnm_definition_texts(&kept, &other, ret_kept, ret_other);
	return 0;
}
