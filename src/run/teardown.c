/* SPDX-License-Identifier: GPL-2.0-or-later */
/* teardown.c - tears networks down by their journals, and removes their traces. */
#include "run/teardown.h"

#include <string.h>
#include <sys/socket.h>

#include "run/firewall.h"
#include "run/guest_remove.h"
#include "run/guest_stop.h"
#include "run/lease_stale.h"
#include "run/others.h"
#include "state/device_uses.h"
#include "state/leases.h"
#include "state/networks.h"
#include "state/others_record.h"
#include "state/port_store.h"
#include "state/session.h"
#include "sys/firewall/firewall.h"
#include "util/dir.h"
#include "util/mem.h"

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
 * vnm_driver_forget() - remove every file of a network from the run directory, its journal last
 * @drv:  the driver
 * @name: the network, of which nothing is left in the kernel
 * @err:  set on failure; then the journal stays, and the next command tries again
 *
 * A network without a definition also loses its leases, guests and the record of others' devices.
 *
 * Return: 0 or -errno.
 */
int vnm_driver_forget(struct vnm_driver *drv, const char *name, struct vnm_error *err)
{
	int r = drop_dnsmasq_files(drv, name, err);

	(void)vnm_guard_dismiss(drv->run_fd, name);
	vnm_driver_unmark_leases(drv, name);
	if (r == 0)
		r = vnm_device_uses_forget(drv->run_fd, name, err);
	if (r == 0)
		r = vnm_driver_drop_ports(drv, name, err);
	if (r == 0)
		r = vnm_store_abort(&drv->live, name, err);
	if (r == 0)
		r = vnm_journal_abort(drv->run_fd, name, err);
	if (r == 0 && !vnm_store_has(&drv->persistent, name)) {
		vnm_driver_drop_attachments(drv, name);
		vnm_driver_drop_others(drv, name);
		r = vnm_driver_drop_leases(drv, name, err);
	}
	if (r == 0)
		r = vnm_store_remove(&drv->live, name, err);
	vnm_rules_record_remove(&drv->rules, name);
	return r < 0 ? r : vnm_journal_cache_remove(&drv->journals, name, err);
}

static bool in_jobs(const struct vnm_job *jobs, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(jobs[i].name, name))
			return true;
	return false;
}

/* Are these the last networks? Return: 0 or -errno. */
static int are_last(struct vnm_driver *drv, const struct vnm_job *jobs, size_t n, bool *ret,
		    struct vnm_error *err)
{
	char **names;
	size_t n_names;
	int r;

	*ret = false;
	if (vnm_journal_cache_knows_any(&drv->journals))
		return 0;
	r = vnm_driver_journal_names(drv, &names, &n_names, err);
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
 * Shared things (the forwarding switches, and our chains) may stem from a network long gone, of a kind that the last one
 * is not. The last one removes them all.
 */
static void release_shared(struct vnm_driver *drv, const struct vnm_job *jobs, size_t n)
{
	struct vnm_error err = { 0 };
	vnm_autoplan struct vnm_plan plan = { 0 };

	vnm_plan_add(&plan, VNM_OP_ACCEPT_RA);
	vnm_plan_add(&plan, VNM_OP_FORWARDING)->forwarding.family = AF_INET;
	vnm_plan_add(&plan, VNM_OP_FORWARDING)->forwarding.family = AF_INET6;
	if (vnm_exec_revert_plan(&drv->sys, NULL, &plan, &err) < 0)
		vnm_driver_report(drv, VNM_REPORT_WARNING, "%s", err.msg);
	if (!have_rules(jobs, n) && vnm_fw_release(&drv->sys, &err) < 0)
		vnm_driver_report(drv, VNM_REPORT_WARNING, "%s", err.msg);
}

static int tear_down_all(struct vnm_driver *drv, struct vnm_job *jobs, size_t n)
{
	struct vnm_error err = { 0 };
	struct vnm_warnings warnings = { 0 };
	int failed = 0;

	if (are_last(drv, jobs, n, &drv->sys.last_one, &err) < 0)
		return fail_all(jobs, n, &err);
	for (size_t i = 0; i < n; i++)
		if (vnm_driver_unplug_attachments(drv, jobs[i].name, &jobs[i].err) < 0)
			jobs[i].failed = true;
	drv->sys.warnings = &warnings;
	vnm_exec_revert(&drv->sys, jobs, n);
	drv->sys.warnings = NULL;
	vnm_driver_warn(drv, &warnings);
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

/**
 * vnm_driver_tear_down() - tear networks down by their journals
 * @drv:  the driver
 * @jobs: the networks with their plans, marked "stopping" (or never marked "active"); those that
 *        could not be torn down completely are marked failed, and keep their journal for the next command
 * @n:    how many
 *
 * Return: how many failed.
 */
int vnm_driver_tear_down(struct vnm_driver *drv, struct vnm_job *jobs, size_t n)
{
	struct vnm_error err = { 0 };
	int failed = n ? tear_down_all(drv, jobs, n) : 0;

	if (vnm_driver_drop_firewall(drv, &err) < 0)
		vnm_driver_report(drv, VNM_REPORT_WARNING, "%s", err.msg);
	return failed;
}

/* A network that is down is no worse for guests than one half torn down, so the rest is reverted as well. */
static void part_others(struct vnm_driver *drv, const struct vnm_job *job)
{
	vnm_autofree char *names = NULL;
	struct vnm_error err = { 0 };

	if (vnm_driver_part_others(drv, job->name, &job->plan, true, &names, &err) < 0)
		vnm_driver_report(
			drv, VNM_REPORT_WARNING,
			"network '%s': devices of others on its bridge may reach the host "
			"while it is down, and may not be restored: %s",
			job->name, err.msg);
}

/** vnm_driver_roll_back() - vnm_driver_tear_down() of unfinished starts; what is left is a warning. */
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
