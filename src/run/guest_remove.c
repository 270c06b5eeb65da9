/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_remove.c - disconnects guests: by net-detach, with their network, or after an interrupted command. */
#include "run/guest_remove.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run/change.h"
#include "run/exec.h"
#include "run/guest_heir.h"
#include "run/guest_state.h"
#include "run/log.h"
#include "state/guest_store.h"
#include "state/pending.h"
#include "state/session.h"
#include "util/mem.h"
#include "util/proc.h"
#include "xml/attach_xml.h"

/* A network whose journal cannot be read counts as active: else what it has of the guest would stay. */
static int reconcile_active(struct vnm_driver *drv, const char *name, struct vnm_error *err)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	int r = vnm_journal_cache_read(&drv->journals, name, false, &journal, err);

	if (r == -ENOENT || (r == 0 && journal.state != VNM_JOURNAL_ACTIVE))
		return 0;
	return r < 0 ? r : vnm_driver_reconcile(drv, name, err);
}

static int revert_plan(struct vnm_driver *drv, const char *dev, const struct vnm_plan *plan,
		       struct vnm_error *err)
{
	int r;

	drv->sys.ends = true;
	r = vnm_exec_revert_plan(&drv->sys, dev, plan, err);
	drv->sys.ends = false;
	return r;
}

/* But for a namespace that another guest is in, too. */
static int revert_own(struct vnm_driver *drv, const char *name, const char *dev,
		      const struct vnm_plan *plan, struct vnm_error *err)
{
	vnm_autoattach struct vnm_attachment heir = { 0 };
	struct vnm_plan own = { 0 };
	int r = vnm_guest_heir(drv, name, dev, plan, &heir, err);

	if (r <= 0)
		return r < 0 ? r : revert_plan(drv, dev, plan, err);
	r = vnm_guest_inherit(drv, &heir, plan, err);
	if (r < 0)
		return r;
	vnm_guest_without_netns(plan, &own);
	r = revert_plan(drv, dev, &own, err);
	free(own.ops);
	if (r == 0)
		vnm_driver_report(
			drv, VNM_REPORT_WARNING,
			"network namespace '%s' stays: '%s' of network '%s' is in it, too; "
			"it is removed with that",
			heir.netns_name ? heir.netns_name : heir.netns, heir.dev, heir.network);
	return r;
}

/* @reconcile: dnsmasq may have the guest. The journal goes last: an interrupted removal is repeated. Return: 0 or -errno. */
static int revert_guest(struct vnm_driver *drv, const char *name, const char *dev,
			const struct vnm_plan *plan, bool reconcile, struct vnm_error *err)
{
	vnm_autoclose int made = vnm_attach_made(drv, name, false, err);
	int r = made < 0 && made != -ENOENT ? made : 0;
	struct vnm_warnings warnings = { 0 };

	if (r < 0)
		return r;
	drv->sys.warnings = &warnings;
	r = revert_own(drv, name, dev, plan, err);
	drv->sys.warnings = NULL;
	vnm_driver_warn(drv, &warnings);
	if (r < 0)
		return r;
	r = vnm_attach_forget(drv, name, dev, err);
	if (r == 0 && reconcile)
		r = reconcile_active(drv, name, err);
	if (r == 0 && made >= 0)
		r = vnm_journal_abort(made, dev, err);
	vnm_attach_drop_empty(drv, name);
	return r;
}

/** vnm_guest_roll_back() - revert an attachment by its plan, and remove it; a failure is a warning. @reconcile: dnsmasq may have it */
void vnm_guest_roll_back(struct vnm_driver *drv, const char *name, const char *dev,
			 const struct vnm_plan *plan, bool reconcile)
{
	struct vnm_error err = { 0 };

	if (revert_guest(drv, name, dev, plan, reconcile, &err) < 0)
		vnm_driver_report(drv, VNM_REPORT_WARNING,
				  "parts of '%s' are left: %s; the next command tries again", dev,
				  err.msg);
}

/* If it was begun before and could not be reverted, the journal is pending already. */
static int begin_removal(int made, const char *dev, struct vnm_journal *ret, struct vnm_error *err)
{
	int r = vnm_journal_read(made, dev, true, ret, err);

	return r == -ENOENT ? vnm_journal_read_pending(made, dev, ret, err)
	       : r < 0	    ? r
			    : vnm_journal_retract(made, dev, err);
}

/**
 * vnm_guest_remove() - disconnect a guest, by its journal
 * @drv:    the driver
 * @attach: the attachment; a copy, since it is removed from the list
 * @err:    set on failure; then the next command tries again
 *
 * Return: 0 or -errno.
 */
int vnm_guest_remove(struct vnm_driver *drv, const struct vnm_attachment *attach,
		     struct vnm_error *err)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	const char *name = attach->network;
	vnm_autoclose int made = vnm_attach_made(drv, name, false, err);
	int r = made < 0 ? made : begin_removal(made, attach->dev, &journal, err);

	if (r < 0 && r != -ENOENT)
		return r;
	return revert_guest(drv, name, attach->dev, &journal.plan,
			    vnm_guest_concerns_network(attach), err);
}

/* ---- guests that end with their namespace or device ---- */

/* Without its entry in the list. Return: whether nothing of it is left but its journal. */
static bool revert_gone(struct vnm_driver *drv, int made, const struct vnm_attachment *attach)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	struct vnm_error err = { 0 };
	int r = made < 0 ? 0 : begin_removal(made, attach->dev, &journal, &err);

	if (r == 0)
		r = revert_plan(drv, attach->dev, &journal.plan, &err);
	if (r == 0 || r == -ENOENT)
		return true;
	vnm_driver_report(drv, VNM_REPORT_WARNING, "'%s' of network '%s': %s", attach->dev,
			  attach->network, err.msg);
	return false;
}

/* In the order of revert_guest(), with one list and one change of the network for all. */
static int forget_gone(struct vnm_driver *drv, const char *name, int made,
		       const struct vnm_attachments *all, const bool *gone, struct vnm_error *err)
{
	vnm_autoattachments struct vnm_attachments kept = { 0 };
	int r;

	for (size_t i = 0; i < all->n_items; i++) {
		if (gone[i])
			continue;
		kept.items = vnm_array_add(kept.items, &kept.n_items, sizeof(*kept.items));
		vnm_attach_copy(&all->items[i], &kept.items[kept.n_items - 1]);
	}
	r = vnm_attach_replace_all(drv, name, &kept, err);
	if (r == 0)
		r = reconcile_active(drv, name, err);
	for (size_t i = 0; i < all->n_items && r == 0 && made >= 0; i++)
		if (gone[i])
			r = vnm_journal_abort(made, all->items[i].dev, err);
	return r;
}

/**
 * vnm_guest_collect() - remove the guests that other programs have attached, and whose namespace or device is gone
 * @drv:  the driver
 * @name: the network
 *
 * A failure is a warning, and the next command tries again.
 */
void vnm_guest_collect(struct vnm_driver *drv, const char *name)
{
	vnm_autoattachments struct vnm_attachments all = { 0 };
	vnm_autofree bool *gone = NULL;
	struct vnm_error err = { 0 };
	vnm_autoclose int made = -1;
	size_t n = 0;

	vnm_attachments_load(drv, name, &all);
	gone = vnm_alloc((all.n_items + 1) * sizeof(*gone));
	for (size_t i = 0; i < all.n_items; i++) {
		if (!all.items[i].id || !vnm_attach_gone(&all.items[i]))
			continue;
		made = made < 0 ? vnm_attach_made(drv, name, false, &err) : made;
		gone[i] = revert_gone(drv, made, &all.items[i]);
		n += gone[i];
	}
	if (n > 0 && forget_gone(drv, name, made, &all, gone, &err) < 0)
		vnm_driver_report(drv, VNM_REPORT_WARNING, "network '%s': %s", name, err.msg);
	if (n > 0)
		vnm_attach_drop_empty(drv, name);
}

/* ---- recovery ---- */

static void warn_dropped(struct vnm_driver *drv, const char *name,
			 const struct vnm_attachments *all)
{
	if (all->n_items > 0)
		vnm_driver_report(drv, VNM_REPORT_WARNING,
				  "network '%s' is no more; its %zu guest%s detached", name,
				  all->n_items, all->n_items == 1 ? " is" : "s are");
}

/** vnm_driver_warn_dropped() - report that guests are disconnected with their network, for a dry run */
void vnm_driver_warn_dropped(struct vnm_driver *drv, const char *name)
{
	vnm_autoattachments struct vnm_attachments all = { 0 };

	vnm_attachments_load(drv, name, &all);
	warn_dropped(drv, name, &all);
}

/** vnm_driver_drop_attachments() - disconnect all guests of a removed network, and report them. */
void vnm_driver_drop_attachments(struct vnm_driver *drv, const char *name)
{
	struct vnm_attachments all vnm_autoattachments = { 0 };
	struct vnm_error err = { 0 };

	vnm_attachments_load(drv, name, &all);
	warn_dropped(drv, name, &all);
	for (size_t i = 0; i < all.n_items; i++)
		if (vnm_guest_remove(drv, &all.items[i], &err) < 0)
			vnm_driver_report(drv, VNM_REPORT_WARNING, "%s", err.msg);
}

static void recover_one(struct vnm_driver *drv, const char *name, int made, const char *dev)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	struct vnm_error err = { 0 };
	int64_t since = vnm_now_ms();

	if (vnm_journal_read_pending(made, dev, &journal, &err) < 0) {
		vnm_driver_report(drv, VNM_REPORT_WARNING, "%s", err.msg);
		return;
	}
	vnm_driver_report(
		drv, VNM_REPORT_WARNING,
		"'%s' of network '%s': an earlier command was interrupted while attaching or "
		"detaching it; rolling it back",
		dev, name);
	vnm_attach_sweep(drv);
	vnm_guest_roll_back(drv, name, dev, &journal.plan, true);
	if (vnm_journal_has_pending(made, dev))
		vnm_error_set(&err, VNM_ERR_STATE, EBUSY, "parts of '%s' are left", dev);
	vnm_driver_log(drv, VNM_LOG_RECOVERY, name,
		       "an earlier command was interrupted while attaching or detaching a guest",
		       since, err.msg[0] ? &err : NULL);
}

static void recover_network(struct vnm_driver *drv, const char *name)
{
	struct vnm_error err = { 0 };
	vnm_autoclose int made = vnm_attach_made(drv, name, false, &err);
	const struct vnm_store store = { made, name, VNM_VOLATILE };
	char **devs;
	size_t n;

	if (made < 0)
		return;
	(void)vnm_file_sweep_temp(made);
	if (vnm_store_names(&store, ".journal" VNM_PENDING, &devs, &n, &err) < 0)
		return;
	for (size_t i = 0; i < n; i++)
		recover_one(drv, name, made, devs[i]);
	vnm_names_free(devs, n);
	vnm_attach_drop_empty(drv, name);
}

/** vnm_driver_recover_attachments() - revert what interrupted commands left half attached or detached. */
void vnm_driver_recover_attachments(struct vnm_driver *drv)
{
	const char *base = drv->paths.made, *name;
	vnm_autodir DIR *dir = NULL;
	int r = vnm_dir_list(AT_FDCWD, base, &dir);

	if (r == -ENOENT)
		return;
	while (r >= 0 && (r = vnm_dir_next(dir, &name)) > 0)
		if (vnm_name_valid(name))
			recover_network(drv, name);
	if (r < 0)
		vnm_driver_report(drv, VNM_REPORT_WARNING, "cannot read the directory '%s': %s",
				  base, strerror(-r));
	(void)rmdir(base); /* fails unless it is empty */
}
