/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recover.c - recovery: completes or rolls back what an earlier command left unfinished.
 *
 * Theory of operation. In this order, as each step relies on those before it:
 *
 *   hook          one that still runs ends, before it interferes
 *   traces        what following a packet has changed is restored
 *   networks      those of another boot are forgotten; a start or stop that was not finished is torn down
 *   changes       whose journal is pending (state/pending.h) are rolled back; then only committed ones are left
 *   firewall      a change of the back end is completed or rolled back
 *   definitions   live ones, ports and persistent ones that are still pending are committed; those of a rename whose old
 *                 definition is there, too, are aborted
 *   undefines     are completed
 *   attachments   whose journal is pending are reverted
 *   leases        that a committed change replaces are ended
 *   guards        that were killed have their uplink restored
 *   takeovers     from libvirt are found; vnm_driver_resume_takeovers() is the caller's
 */
#include "driver/recover.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "driver/ports.h"
#include "driver/rename.h"
#include "driver/results.h"
#include "driver/stop.h"
#include "driver/trace.h"
#include "driver/undefine.h"
#include "run/change.h"
#include "run/definition.h"
#include "run/exec.h"
#include "run/firewall.h"
#include "run/firewall_change.h"
#include "run/guest_remove.h"
#include "run/hook_process.h"
#include "run/lease_stale.h"
#include "run/log.h"
#include "run/overlay.h"
#include "run/teardown.h"
#include "state/leftovers.h"
#include "state/networks.h"
#include "state/pending.h"
#include "state/session.h"
#include "state/takeover_record.h"
#include "state/upgrade.h"
#include "sys/host/accept_ra.h"
#include "sys/host/forwarding.h"
#include "sys/trace/trace_record.h"
#include "util/mem.h"
#include "util/proc.h"
#include "xml/network_xml.h"

static void destroy_unguarded(struct vnm_driver *drv, const char *name)
{
	struct vnm_result *results;
	struct vnm_error err = { 0 };
	int64_t since = vnm_now_ms();

	if (!vnm_driver_active(drv, name)) {
		(void)vnm_guard_dismiss(drv->run_fd, name);
		return;
	}
	vnm_driver_report(drv, VNM_REPORT_WARNING,
			  "network '%s': its guard was ended before it was confirmed; restoring "
			  "its uplink",
			  name);
	if (vnm_driver_destroy(drv, &name, 1, &results, &err) < 0)
		return;
	if (results[0].failed)
		vnm_driver_report(drv, VNM_REPORT_WARNING, "%s", results[0].err.msg);
	vnm_driver_log(drv, VNM_LOG_RECOVERY, name,
		       "its guard was ended before it was confirmed: its uplink is restored", since,
		       results[0].failed ? &results[0].err : NULL);
	vnm_results_free(results, 1);
}

/* Do the work of guards that were killed. A failure is a warning; the record stays, and the next command tries again. */
static void recover_guards(struct vnm_driver *drv)
{
	struct vnm_error err = { 0 };
	char **names;
	size_t n;

	if (vnm_store_names(&drv->live, VNM_GUARD_SUFFIX, &names, &n, &err) < 0)
		return;
	for (size_t i = 0; i < n; i++)
		if (!vnm_guard_lives(drv->run_fd, names[i]))
			destroy_unguarded(drv, names[i]);
	vnm_names_free(names, n);
}

static void roll_back_network(struct vnm_driver *drv, const char *name,
			      const struct vnm_journal *seen)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	struct vnm_job job = { .name = name };
	struct vnm_error err = { 0 };
	int64_t since = vnm_now_ms();

	vnm_driver_report(
		drv, VNM_REPORT_WARNING,
		"network '%s': an earlier command was interrupted while %s it; rolling it back",
		name, seen->state == VNM_JOURNAL_STARTING ? "starting" : "stopping");
	if (vnm_journal_cache_read(&drv->journals, name, true, &journal, &err) < 0) {
		vnm_driver_report(drv, VNM_REPORT_WARNING, "%s", err.msg);
		return;
	}
	job.plan = journal.plan;
	vnm_driver_roll_back(drv, &job, 1);
	if (vnm_journal_exists(drv->run_fd, name))
		vnm_error_set(&err, VNM_ERR_STATE, EBUSY, "something is left of it");
	vnm_driver_log(drv, VNM_LOG_RECOVERY, name,
		       seen->state == VNM_JOURNAL_STARTING
			       ? "an earlier command was interrupted while starting it"
			       : "an earlier command was interrupted while stopping it",
		       since, err.msg[0] ? &err : NULL);
}

static int roll_back_pending(struct vnm_driver *drv, const char *name, struct vnm_error *err)
{
	vnm_autojournal struct vnm_journal from = { 0 }, to = { 0 };
	int r;

	if (!vnm_journal_exists(drv->run_fd, name))
		return vnm_journal_abort(drv->run_fd, name, err);
	vnm_driver_report(
		drv, VNM_REPORT_WARNING,
		"network '%s': an earlier command was interrupted while changing it; rolling "
		"it back",
		name);
	r = vnm_journal_read_pending(drv->run_fd, name, &from, err);
	if (r == 0)
		r = vnm_journal_cache_read(&drv->journals, name, true, &to, err);
	return r < 0 ? r : vnm_driver_rollback_change(drv, name, &from.plan, &to.plan, err);
}

/* A change that cannot be rolled back now stays pending, and so does all that belongs to it. */
static void roll_back_changes(struct vnm_driver *drv)
{
	struct vnm_error err = { 0 };
	char **names;
	size_t n;

	if (vnm_store_names(&drv->live, ".journal" VNM_PENDING, &names, &n, &err) < 0)
		return;
	for (size_t i = 0; i < n; i++) {
		int64_t since = vnm_now_ms();
		int r = roll_back_pending(drv, names[i], &err);

		if (r < 0)
			vnm_driver_warn_partial_rollback(drv, names[i], &err);
		vnm_driver_log(drv, VNM_LOG_RECOVERY, names[i],
			       "an earlier command was interrupted while changing it", since,
			       r < 0 ? &err : NULL);
	}
	vnm_names_free(names, n);
}

static void commit_live_definitions(struct vnm_driver *drv)
{
	struct vnm_error err = { 0 };
	char **names;
	size_t n;

	if (vnm_store_names(&drv->live, VNM_STORE_PENDING, &names, &n, &err) < 0)
		return;
	for (size_t i = 0; i < n; i++)
		if (!vnm_journal_has_pending(drv->run_fd, names[i]))
			(void)vnm_store_commit(&drv->live, names[i], &err);
	vnm_names_free(names, n);
}

/* A network of another boot, or one whose journal has no header. */
static void forget_old(struct vnm_driver *drv, const char *name)
{
	struct vnm_error err = { 0 };

	if (vnm_driver_forget(drv, name, &err) < 0)
		vnm_driver_report(drv, VNM_REPORT_WARNING, "%s", err.msg);
}

static void drop_all_attached(const char *base)
{
	vnm_autoclose int fd = vnm_open(AT_FDCWD, base, O_RDONLY | O_DIRECTORY, 0);
	vnm_autodir DIR *dir = NULL;
	const char *name;

	if (fd < 0 || vnm_dir_list(fd, ".", &dir) < 0)
		return;
	while (vnm_dir_next(dir, &name) > 0)
		if (vnm_name_valid(name))
			(void)vnm_dir_remove(fd, name);
	(void)rmdir(base);
}

/**
 * vnm_driver_forget_all() - forget the networks of a network namespace that no longer exists
 * @drv:   the driver
 * @owner: the old owner of the run directory
 */
void vnm_driver_forget_all(struct vnm_driver *drv, const struct vnm_owner *owner)
{
	struct vnm_error err = { 0 };
	char **names;
	size_t n;

	vnm_driver_report(drv, VNM_REPORT_WARNING,
			  "the network namespace of the networks that were active, net:[%" PRIu64
			  "], is gone, and they with it",
			  owner->ns.id[VNM_NAMESPACE_NET]);
	if (vnm_driver_journal_names(drv, &names, &n, &err) == 0) {
		for (size_t i = 0; i < n; i++)
			forget_old(drv, names[i]);
		vnm_names_free(names, n);
	}
	drop_all_attached(drv->paths.made);
	if (drv->paths.old_made)
		drop_all_attached(drv->paths.old_made);
	vnm_forwarding_drop_record(&drv->sys);
	vnm_accept_ra_drop_record(&drv->sys);
	vnm_trace_drop_record(&drv->sys);
}

/*
 * Somebody cleaned the run directory. The network's plan is in its journal; its definition is the persistent one, but
 * for live changes.
 */
static void recover_live(struct vnm_driver *drv, const char *name)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_error err = { 0 };

	if (vnm_store_has(&drv->live, name) || !vnm_store_has(&drv->persistent, name))
		return;
	if (vnm_store_load(&drv->persistent, name, &net, &err) == 0) {
		vnm_driver_set_runtime_defaults(&net);
		if (vnm_driver_resolve_overlay(drv, &net, NULL, &err) == 0 &&
		    vnm_store_save(&drv->live, &net, &err) == 0) {
			vnm_driver_report(
				drv, VNM_REPORT_WARNING,
				"network '%s': the definition that it runs with was lost; "
				"the persistent one takes its place",
				name);
			return;
		}
	}
	vnm_driver_report(drv, VNM_REPORT_WARNING,
			  "network '%s': the definition that it runs with was lost: %s", name,
			  err.msg);
}

/*
 * Journals appear whole, by a rename; one without a header was not synced before a power loss, so it is of another boot, or
 * somebody damaged it. Without it the network can be started, which takes over what is left of it.
 */
static void recover_unread(struct vnm_driver *drv, const char *name, int r, const char *why)
{
	if (r == -ENODATA) {
		vnm_driver_report(drv, VNM_REPORT_WARNING, "%s; it is removed", why);
		forget_old(drv, name);
		return;
	}
	vnm_driver_report(drv, VNM_REPORT_WARNING,
			  "%s; nothing was changed for it. Without '%s/%s.journal', a start takes "
			  "over what is there",
			  why, drv->paths.run, name);
}

/* An active one. */
static void recover_active(struct vnm_driver *drv, const char *name)
{
	if (!vnm_settled_defined(&drv->run, name))
		recover_live(drv, name);
}

/* Return: whether there was nothing to recover. */
static bool recover_network(struct vnm_driver *drv, const char *name, const char *boot_id)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	struct vnm_error why = { 0 };
	struct vnm_stamp stamp;
	int r;

	if (vnm_index_find(&drv->index, VNM_INDEX_JOURNAL, drv->run_fd, name, &stamp)) {
		vnm_journal_cache_know(&drv->journals, name);
		recover_active(drv, name);
		return true;
	}
	r = vnm_journal_cache_read(&drv->journals, name, false, &journal, &why);
	if (r < 0)
		recover_unread(drv, name, r, why.msg);
	else if (strcmp(journal.boot_id, boot_id) != 0)
		forget_old(drv, name);
	else if (journal.state != VNM_JOURNAL_ACTIVE)
		roll_back_network(drv, name, &journal);
	else {
		vnm_index_put(&drv->index, VNM_INDEX_JOURNAL, name, &stamp, "");
		recover_active(drv, name);
	}
	return r == 0 && journal.state == VNM_JOURNAL_ACTIVE;
}

/* @run: whether there may be more to recover in the run directory. Return: 0 or -errno. */
static int recover_networks(struct vnm_driver *drv, bool *run, struct vnm_error *err)
{
	char boot_id[VNM_UUID_STRLEN] = "", **names;
	size_t n;
	int r = vnm_driver_journal_names(drv, &names, &n, err);

	if (r < 0)
		return r;
	r = vnm_boot_id(boot_id);
	if (r < 0)
		vnm_error_set(err, VNM_ERR_SYSTEM, -r,
			      "cannot tell this boot's records from another's: "
			      "/proc/sys/kernel/random/boot_id: %s",
			      strerror(-r));
	else if (drv->owned)
		vnm_index_load(&drv->index, drv->run_fd, boot_id, drv->changes);
	for (size_t i = 0; r == 0 && i < n; i++)
		*run |= !recover_network(drv, names[i], boot_id);
	vnm_names_free(names, n);
	vnm_index_save(&drv->index, false);
	return r;
}

/* For whoever opens the driver: to complete one takes more than recovery may do. */
static void find_takeovers(struct vnm_driver *drv)
{
	struct vnm_error ignored = { 0 };
	char **names;
	size_t n;

	if (vnm_store_names(&drv->live, VNM_TAKEOVER_SUFFIX, &names, &n, &ignored) < 0)
		return;
	drv->interrupted = n > 0;
	vnm_names_free(names, n);
}

/* @run, @kept: there may be something to recover in the run directory, and in that of the definitions. */
static void recover_pending(struct vnm_driver *drv, bool run, bool kept)
{
	if (run)
		roll_back_changes(drv);
	vnm_driver_recover_firewall(drv);
	if (run)
		commit_live_definitions(drv);
	vnm_driver_recover_ports(drv);
	if (kept) {
		vnm_driver_recover_definitions(drv);
		vnm_driver_recover_undefines(drv);
	}
	vnm_driver_recover_attachments(drv);
	if (run) {
		vnm_driver_recover_leases(drv);
		recover_guards(drv);
		find_takeovers(drv);
	}
}

/* Of commands that were killed while they wrote, and of earlier versions. */
static void sweep_dir(int fd)
{
	vnm_file_sweep_temp(fd);
	vnm_upgrade_files(fd);
}

/**
 * vnm_driver_recover() - complete or roll back what an earlier command left unfinished
 * @drv: the driver, holding the lock
 * @err: set when the run directory cannot be read
 *
 * A journal of another boot describes nothing that still exists. Any other that is not
 * active is reverted.
 *
 * Return: 0 or -errno; what could not be recovered is a warning, so that the other networks stay usable.
 */
int vnm_driver_recover(struct vnm_driver *drv, struct vnm_error *err)
{
	bool run = vnm_leftovers(drv->run_fd, &drv->run);
	bool kept = vnm_leftovers(drv->persistent.fd, &drv->kept);
	struct vnm_warnings warnings = { 0 };
	int r;

	if (kept)
		sweep_dir(drv->persistent.fd);
	if (run)
		sweep_dir(drv->run_fd);
	/* Before anything else, with which the hook might interfere. */
	(void)vnm_hook_recover(drv->run_fd, &warnings);
	vnm_driver_warn(drv, &warnings);
	vnm_driver_restore_traced(drv);
	r = recover_networks(drv, &run, err);
	if (r < 0)
		return r;
	recover_pending(drv, run, kept);
	return vnm_driver_drop_firewall(drv, err);
}
