/* SPDX-License-Identifier: GPL-2.0-or-later */
/* recover.c - taking networks down, and taking back what a killed command left behind. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "driver/driver_internal.h"
#include "driver/guard_process.h"
#include "run/hook.h"
#include "run/others.h"
#include "sys/firewall/fw.h"
#include "sys/host/sysctl.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/proc.h"

static int drop_dnsmasq_files(struct vnm_driver *drv, const char *name, struct vnm_error *err)
{
	vnm_autoclose int fd = vnm_dir_openat(drv->run_fd, "dnsmasq", 0755, (gid_t)-1, err);
	int r = fd < 0 ? fd : vnm_dir_remove(fd, name);

	if (fd >= 0 && r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot remove '%s/dnsmasq/%s': %s",
				     drv->paths.run, name, strerror(-r));
	return r;
}

/**
 * vnm_driver_forget() - remove every trace of a network from the run directory, its journal last
 * @drv:  the driver
 * @name: the network, of which nothing is left in the kernel
 * @err:  set on failure; then the journal is there, and the next command tries again
 *
 * With a network that has no definition, its leases and guests go, too, and what others had on its bridge.
 *
 * Return: 0 or -errno.
 */
int vnm_driver_forget(struct vnm_driver *drv, const char *name, struct vnm_error *err)
{
	int r = drop_dnsmasq_files(drv, name, err);

	(void)vnm_guard_dismiss(drv->run_fd, name);
	vnm_driver_unmark_leases(drv, name);
	if (r == 0)
		r = vnm_driver_drop_ports(drv, name, err);
	if (r == 0)
		r = vnm_store_discard(&drv->live, name, err);
	if (r == 0)
		r = vnm_journal_discard(drv->run_fd, name, err);
	if (r == 0 && !vnm_store_has(&drv->persistent, name)) {
		vnm_driver_drop_attachments(drv, name);
		vnm_driver_drop_others(drv, name);
		r = vnm_driver_drop_leases(drv, name, err);
	}
	if (r == 0)
		r = vnm_store_remove(&drv->live, name, err);
	return r < 0 ? r : vnm_journal_remove(drv->run_fd, name, err);
}

static bool in_jobs(const struct vnm_job *jobs, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(jobs[i].name, name))
			return true;
	return false;
}

/* Will no network be left when these are gone? Return: 0 or -errno. */
static int are_last(struct vnm_driver *drv, const struct vnm_job *jobs, size_t n, bool *ret,
		    struct vnm_error *err)
{
	char **names;
	size_t n_names;
	int r = vnm_driver_journal_names(drv, &names, &n_names, err);

	if (r < 0)
		return r;
	*ret = true;
	for (size_t i = 0; i < n_names && *ret; i++)
		*ret = in_jobs(jobs, n, names[i]);
	vnm_names_free(names, n_names);
	return 0;
}

static int fail_all(struct vnm_job *jobs, size_t n, const struct vnm_error *err)
{
	for (size_t i = 0; i < n; i++) {
		jobs[i].failed = true;
		jobs[i].err = *err;
	}
	return (int)n;
}

static bool have_rules(const struct vnm_job *jobs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < jobs[i].plan.n; k++)
			if (jobs[i].plan.ops[k].type == VNM_OP_RULE)
				return true;
	return false;
}

/*
 * What networks share may have been put there for one that is long gone, of a kind that the last one is not: the
 * forwarding switches, and our chains. The last one tidies up.
 */
static void release_shared(struct vnm_driver *drv, const struct vnm_job *jobs, size_t n)
{
	struct vnm_error err = { 0 };
	vnm_autoplan struct vnm_plan plan = { 0 };
	struct vnm_job job = { 0 };

	vnm_plan_add(&plan, VNM_OP_ACCEPT_RA);
	vnm_plan_add(&plan, VNM_OP_FORWARDING)->forwarding.family = AF_INET;
	vnm_plan_add(&plan, VNM_OP_FORWARDING)->forwarding.family = AF_INET6;
	job.plan = plan;
	vnm_exec_revert(&drv->sys, &job, 1);
	if (job.failed)
		vnm_driver_report(drv, VNM_REPORT_WARNING, "%s", job.err.msg);
	if (!have_rules(jobs, n) && vnm_fw_release(&drv->sys, &err) < 0)
		vnm_driver_report(drv, VNM_REPORT_WARNING, "%s", err.msg);
}

/**
 * vnm_driver_tear_down() - take networks back, by their records
 * @drv:  the driver
 * @jobs: the networks with their recorded plans, marked "stopping" (or never marked "active"); those that
 *        could not be taken back whole are marked failed, and keep their journal for the next command
 * @n:    how many
 *
 * Return: how many failed.
 */
int vnm_driver_tear_down(struct vnm_driver *drv, struct vnm_job *jobs, size_t n)
{
	struct vnm_error err = { 0 };
	struct vnm_warnings notes = { 0 };
	int failed = 0;

	if (n == 0)
		return 0;
	if (are_last(drv, jobs, n, &drv->sys.last_one, &err) < 0)
		return fail_all(jobs, n, &err);
	for (size_t i = 0; i < n; i++)
		if (vnm_driver_unplug_attachments(drv, jobs[i].name, &jobs[i].err) < 0)
			jobs[i].failed = true;
	drv->sys.notes = &notes;
	vnm_exec_revert(&drv->sys, jobs, n);
	drv->sys.notes = NULL;
	vnm_driver_warn(drv, &notes);
	if (drv->sys.last_one)
		release_shared(drv, jobs, n);
	drv->sys.last_one = false;
	for (size_t i = 0; i < n; i++) {
		if (!jobs[i].failed && vnm_driver_forget(drv, jobs[i].name, &jobs[i].err) < 0)
			jobs[i].failed = true;
		failed += jobs[i].failed;
	}
	return failed;
}

/* What is half down is not better for guests than what is down. */
static void part_others(struct vnm_driver *drv, const struct vnm_job *job)
{
	vnm_autofree char *names = NULL;
	struct vnm_error err = { 0 };

	if (vnm_driver_part_others(drv, job->name, &job->plan, true, &names, &err) < 0)
		vnm_driver_report(drv, VNM_REPORT_WARNING,
				  "network '%s': what others have on its bridge may reach the host "
				  "while it is down, and may not be put back on it: %s",
				  job->name, err.msg);
}

/** vnm_driver_roll_back() - vnm_driver_tear_down() of what was not finished; what is left of it is a warning. */
void vnm_driver_roll_back(struct vnm_driver *drv, struct vnm_job *jobs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		part_others(drv, &jobs[i]);
	if (vnm_driver_tear_down(drv, jobs, n) == 0)
		return;
	for (size_t i = 0; i < n; i++)
		if (jobs[i].failed)
			vnm_driver_report(
				drv, VNM_REPORT_WARNING,
				"network '%s' could not be removed completely: %s; the next "
				"command tries again",
				jobs[i].name, jobs[i].err.msg);
}

static void recover_one(struct vnm_driver *drv, const char *name, const struct vnm_journal *seen)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	struct vnm_job job = { .name = name };
	struct vnm_error err = { 0 };

	vnm_driver_report(
		drv, VNM_REPORT_WARNING,
		"network '%s': an earlier command was interrupted while %s it; taking it back",
		name, seen->state == VNM_JOURNAL_STARTING ? "starting" : "stopping");
	if (vnm_journal_read(drv->run_fd, name, true, &journal, &err) < 0) {
		vnm_driver_report(drv, VNM_REPORT_WARNING, "%s", err.msg);
		return;
	}
	job.plan = journal.plan;
	vnm_driver_roll_back(drv, &job, 1);
}

/**
 * vnm_driver_rollback_change() - take back a change of an active network
 * @drv:  the driver
 * @name: the network
 * @from: the plan that it was to have, of which any part may be there
 * @to:   the plan of its journal
 * @err:  set on failure; then its files stay, and the next command tries again
 *
 * Return: 0 or -errno.
 */
int vnm_driver_rollback_change(struct vnm_driver *drv, const char *name,
			       const struct vnm_plan *from, const struct vnm_plan *to,
			       struct vnm_error *err)
{
	vnm_autodiff struct vnm_diff diff = { 0 };
	int r;

	vnm_diff_plans(from, to, &diff);
	r = vnm_exec_change(&drv->sys, &diff, to, err);
	if (r == 0)
		r = vnm_driver_change_guests(drv, name, NULL, from, to, err);
	if (r == 0)
		r = vnm_store_discard(&drv->live, name, err);
	if (r == 0)
		r = vnm_store_discard(&drv->persistent, name, err);
	return r < 0 ? r : vnm_journal_discard(drv->run_fd, name, err);
}

static int undo_change(struct vnm_driver *drv, const char *name, struct vnm_error *err)
{
	vnm_autojournal struct vnm_journal from = { 0 }, to = { 0 };
	int r = vnm_journal_read_proposal(drv->run_fd, name, &from, err);

	if (r == 0)
		r = vnm_journal_read(drv->run_fd, name, true, &to, err);
	return r < 0 ? r : vnm_driver_rollback_change(drv, name, &from.plan, &to.plan, err);
}

static void recover_change(struct vnm_driver *drv, const char *name)
{
	struct vnm_error err = { 0 };

	if (!vnm_journal_exists(drv->run_fd, name)) {
		(void)vnm_journal_discard(drv->run_fd, name, &err);
		return;
	}
	vnm_driver_report(
		drv, VNM_REPORT_WARNING,
		"network '%s': an earlier command was interrupted while changing it; taking "
		"it back",
		name);
	if (undo_change(drv, name, &err) < 0)
		vnm_driver_report(drv, VNM_REPORT_WARNING,
				  "the change of network '%s' is taken back in part only: %s; the "
				  "next command tries again",
				  name, err.msg);
}

/*
 * Changes that were on their way go back; those that were through are lacking no more than a rename. One that could not be
 * led back now is still on its way.
 */
static void recover_changes(struct vnm_driver *drv)
{
	struct vnm_error err = { 0 };
	char **names;
	size_t n;

	if (vnm_store_names(&drv->live, ".update", &names, &n, &err) == 0) {
		for (size_t i = 0; i < n; i++)
			recover_change(drv, names[i]);
		vnm_names_free(names, n);
	}
	if (vnm_store_names(&drv->live, ".staged", &names, &n, &err) == 0) {
		for (size_t i = 0; i < n; i++)
			if (!vnm_journal_proposed(drv->run_fd, names[i]))
				(void)vnm_store_accept(&drv->live, names[i], &err);
		vnm_names_free(names, n);
	}
}

/* A network of another boot, or one of which nothing is known. */
static void forget_old(struct vnm_driver *drv, const char *name)
{
	struct vnm_error err = { 0 };

	if (vnm_driver_forget(drv, name, &err) < 0)
		vnm_driver_report(drv, VNM_REPORT_WARNING, "%s", err.msg);
}

static void drop_all_attached(struct vnm_driver *drv)
{
	vnm_autoclose int fd = vnm_open(drv->run_fd, "attached", O_RDONLY | O_DIRECTORY, 0);
	vnm_autodir DIR *dir = NULL;
	const char *name;

	if (fd < 0 || vnm_dir_list(fd, ".", &dir) < 0)
		return;
	while (vnm_dir_next(dir, &name) > 0)
		if (vnm_name_valid(name))
			(void)vnm_dir_remove(fd, name);
	(void)unlinkat(drv->run_fd, "attached", AT_REMOVEDIR);
}

/**
 * vnm_driver_forget_all() - forget what went with a network namespace
 * @drv:   the driver
 * @owner: whose it was
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
	drop_all_attached(drv);
	vnm_forget_settings(&drv->sys);
}

/*
 * Somebody cleaned the run directory. What the network is made of stands in its journal; what it is to be stands, but for
 * changes that were made to it alone, in the kept definition, too.
 */
static void recover_live(struct vnm_driver *drv, const char *name)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_error err = { 0 };

	if (vnm_store_has(&drv->live, name) || !vnm_store_has(&drv->persistent, name))
		return;
	if (vnm_store_load(&drv->persistent, name, &net, &err) == 0) {
		vnm_driver_set_runtime_defaults(&net);
		if (vnm_store_save(&drv->live, &net, &err) == 0) {
			vnm_driver_report(
				drv, VNM_REPORT_WARNING,
				"network '%s': the definition that it runs with was lost; "
				"the kept one takes its place",
				name);
			return;
		}
	}
	vnm_driver_report(drv, VNM_REPORT_WARNING,
			  "network '%s': the definition that it runs with was lost: %s", name,
			  err.msg);
}

/*
 * Journals appear whole, by a rename; one without a head was not synced before a power loss, so of another boot, or was
 * spoilt by somebody. Without it the network can be started, which takes over what of it is still there.
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

static void recover_network(struct vnm_driver *drv, const char *name, const char *boot_id)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	struct vnm_error why = { 0 };
	int r = vnm_journal_read(drv->run_fd, name, false, &journal, &why);

	if (r < 0)
		recover_unread(drv, name, r, why.msg);
	else if (strcmp(journal.boot_id, boot_id) != 0)
		forget_old(drv, name);
	else if (journal.state != VNM_JOURNAL_ACTIVE)
		recover_one(drv, name, &journal);
	else
		recover_live(drv, name);
}

/**
 * vnm_driver_recover() - make good what an earlier command left unfinished
 * @drv: the driver, holding the lock
 * @err: set when the run directory cannot be read
 *
 * A journal of another boot describes nothing that still exists. One that is neither of another boot nor
 * active is taken back.
 *
 * Return: 0 or -errno; what could not be recovered is a warning, so that the other networks stay usable.
 */
int vnm_driver_recover(struct vnm_driver *drv, struct vnm_error *err)
{
	char boot_id[VNM_UUID_STRLEN] = "", **names;
	struct vnm_warnings warnings = { 0 };
	size_t n;
	int r;

	/* Before anything else, which it might undo. */
	(void)vnm_hook_recover(drv->run_fd, &warnings);
	vnm_driver_warn(drv, &warnings);
	r = vnm_driver_journal_names(drv, &names, &n, err);
	if (r < 0)
		return r;
	r = vnm_boot_id(boot_id);
	for (size_t i = 0; r == 0 && i < n; i++)
		recover_network(drv, names[i], boot_id);
	vnm_names_free(names, n);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot tell this boot's records from another's: "
				     "/proc/sys/kernel/random/boot_id: %s",
				     strerror(-r));
	recover_changes(drv);
	vnm_driver_sweep_ports(drv);
	vnm_driver_finish_renames(drv);
	vnm_driver_finish_undefines(drv);
	vnm_driver_recover_attachments(drv);
	vnm_driver_recover_leases(drv);
	vnm_driver_recover_guards(drv);
	return 0;
}
