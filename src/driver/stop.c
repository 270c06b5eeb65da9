/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stop.c - net-destroy and the stop at shutdown: networks are stopped by their journals, never by their definitions. */
#include "driver/stop.h"

#include <stdlib.h>

#include "driver/ports.h"
#include "run/exec.h"
#include "run/guest_remove.h"
#include "run/guest_stop.h"
#include "run/hook.h"
#include "run/others.h"
#include "run/teardown.h"
#include "state/networks.h"
#include "state/port_store.h"
#include "state/session.h"
#include "sys/link/link.h"
#include "util/mem.h"
#include "xml/network_xml.h"

/*
 * The definitions for the hooks, read before they are removed; NULL: there are no hooks. A definition that
 * cannot be read has no name.
 */
static struct vnm_network *load_stopping(struct vnm_driver *drv, const struct vnm_job *jobs,
					 size_t n)
{
	struct vnm_warnings warnings = { 0 };
	struct vnm_network *nets;
	struct vnm_error err = { 0 };

	if (n == 0 || !vnm_hook_exists(&drv->paths, &warnings))
		return NULL;
	vnm_driver_warn(drv, &warnings);
	nets = vnm_alloc(n * sizeof(*nets));
	for (size_t i = 0; i < n; i++)
		if (vnm_store_load(&drv->live, jobs[i].name, &nets[i], &err) < 0)
			vnm_driver_report(drv, VNM_REPORT_WARNING,
					  "no hook is told that network '%s' stops: %s",
					  jobs[i].name, err.msg);
		else
			(void)vnm_driver_show_ports(drv, &nets[i], &err);
	return nets;
}

/* Frees @nets. */
static void notify_stopped(struct vnm_driver *drv, const struct vnm_job *jobs,
			   struct vnm_network *nets, size_t n)
{
	struct vnm_error err = { 0 };

	for (size_t i = 0; nets && i < n; i++) {
		if (nets[i].name && !jobs[i].failed &&
		    vnm_hook_run(&drv->paths, jobs[i].name, VNM_HOOK_STOPPED, &nets[i], NULL,
				 &err) < 0)
			vnm_driver_report(drv, VNM_REPORT_WARNING,
					  "network '%s' is stopped, but: %s", jobs[i].name,
					  err.msg);
		vnm_network_clear(&nets[i]);
	}
	free(nets);
}

/* While the bridge exists. On failure the network stays. @ports: gets the names of the devices, or NULL; allocated. */
static int part_others(struct vnm_driver *drv, const struct vnm_job *job, char **ports,
		       struct vnm_error *err)
{
	struct vnm_error ignored = { 0 };
	int r = vnm_driver_part_others(drv, job->name, &job->plan, false, ports, err);

	if (r < 0) /* if that fails, too, the next command tears it down */
		(void)vnm_journal_cache_mark(&drv->journals, job->name, VNM_JOURNAL_ACTIVE,
					     &ignored);
	return r;
}

/* Marks its journal "stopping". @ports: as part_others(). */
static int begin_stop(struct vnm_driver *drv, struct vnm_job *job, char **ports,
		      struct vnm_error *err)
{
	int r;

	vnm_driver_warn_ports(drv, job->name);
	r = vnm_driver_read_active(drv, job->name, &job->plan, err);
	if (r == 0)
		r = vnm_journal_cache_mark(&drv->journals, job->name, VNM_JOURNAL_STOPPING, err);
	return r == 0 ? part_others(drv, job, ports, err) : r;
}

static void report_ports(struct vnm_driver *drv, const char *name, const char *ports, bool returns)
{
	if (ports)
		vnm_driver_report(drv, VNM_REPORT_WARNING,
				  "network '%s' is stopped with ports of others on its bridge: %s; "
				  "they are cut off%s",
				  name, ports, returns ? ", and restored when it starts" : "");
}

/* @for_good: they are undefined next. */
static int stop(struct vnm_driver *drv, const char *const *names, size_t n, bool for_good,
		struct vnm_result **ret)
{
	struct vnm_job *jobs = vnm_alloc((n ? n : 1) * sizeof(*jobs));
	struct vnm_result *results = vnm_results_new(names, n);
	vnm_autofree size_t *owner = NULL;
	size_t n_jobs = 0, n_owner = 0;
	struct vnm_network *nets;
	char **ports = vnm_alloc((n ? n : 1) * sizeof(*ports));

	/* To list the ports of a bridge, the kernel goes through all devices. */
	if (n > 1)
		vnm_links_see(&drv->sys);
	for (size_t i = 0; i < n; i++) {
		struct vnm_job *job = &jobs[n_jobs];

		*job = (struct vnm_job){ .name = names[i] };
		if (begin_stop(drv, job, &ports[n_jobs], &results[i].err) < 0) {
			results[i].failed = true;
			vnm_plan_clear(&job->plan);
			continue;
		}
		owner = vnm_array_add(owner, &n_owner, sizeof(*owner));
		owner[n_jobs++] = i;
	}
	vnm_links_forget(&drv->sys);
	nets = load_stopping(drv, jobs, n_jobs);
	vnm_driver_tear_down(drv, jobs, n_jobs);
	for (size_t k = 0; k < n_jobs; k++) {
		if (jobs[k].failed) {
			vnm_result_fail(&results[owner[k]], &jobs[k].err);
			continue;
		}
		report_ports(drv, jobs[k].name, ports[k],
			     !for_good && vnm_store_has(&drv->persistent, jobs[k].name));
		if (!for_good)
			vnm_driver_warn_attachments(drv, jobs[k].name);
	}
	vnm_names_free(ports, n_jobs);
	notify_stopped(drv, jobs, nets, n_jobs);
	vnm_jobs_free(jobs, n_jobs);
	*ret = results;
	return 0;
}

/**
 * vnm_driver_destroy() - stop networks, by their journals
 *
 * Arguments and return value as vnm_driver_start(). What is already gone is no failure.
 */
int vnm_driver_destroy(struct vnm_driver *drv, const char *const *names, size_t n,
		       struct vnm_result **ret, struct vnm_error *err)
{
	(void)err;
	return stop(drv, names, n, false, ret);
}

/** vnm_driver_destroy_for_good() - the same of networks that are undefined next: nobody is told that their guests come back */
int vnm_driver_destroy_for_good(struct vnm_driver *drv, const char *const *names, size_t n,
				struct vnm_result **ret, struct vnm_error *err)
{
	(void)err;
	return stop(drv, names, n, true, ret);
}

/* With the warnings of the stop. */
static int preview(struct vnm_driver *drv, const char *name, bool returns, struct vnm_plan *ret,
		   struct vnm_error *err)
{
	vnm_autofree char *ports = NULL;
	int r = vnm_driver_read_active(drv, name, ret, err);

	if (r < 0)
		return r;
	vnm_driver_warn_ports(drv, name);
	ports = vnm_driver_preview_others(drv, name, ret);
	report_ports(drv, name, ports, returns);
	return 0;
}

/**
 * vnm_driver_preview_destroy() - the journal that vnm_driver_destroy() would revert
 *
 * Arguments as vnm_driver_preview_start().
 *
 * Return: 0 or -errno; nothing is changed.
 */
int vnm_driver_preview_destroy(struct vnm_driver *drv, const char *name, struct vnm_plan *ret,
			       struct vnm_error *err)
{
	bool returns = vnm_store_has(&drv->persistent, name);
	int r = preview(drv, name, returns, ret, err);

	if (r == 0 && returns)
		vnm_driver_warn_attachments(drv, name);
	else if (r == 0)
		vnm_driver_warn_dropped(drv, name);
	return r;
}

/** vnm_driver_preview_removal() - the same for a network that is stopped, if it is active, and undefined */
int vnm_driver_preview_removal(struct vnm_driver *drv, const char *name, struct vnm_plan *ret,
			       struct vnm_error *err)
{
	int r = vnm_driver_active(drv, name) ? preview(drv, name, false, ret, err) : 0;

	if (r == 0)
		vnm_driver_warn_dropped(drv, name);
	return r;
}

/* Only operations that keep files of the state directories open. Borrowed: the array of @ret is its own. */
static void borrow_servers(const struct vnm_plan *plan, struct vnm_plan *ret)
{
	for (size_t i = 0; i < plan->n; i++)
		if (plan->ops[i].type == VNM_OP_DNSMASQ)
			*vnm_plan_add(ret, plan->ops[i].type) = plan->ops[i];
}

/**
 * vnm_driver_autostop() - the stop at shutdown: release the file systems of the state directories
 * @drv:   the driver
 * @ret:   one result for each active network
 * @ret_n: how many
 * @err:   set when nothing could be tried
 *
 * Ends each network's dnsmasq, and waits for it; all else of the networks stays, so that running guests
 * keep theirs. A repair, or autostart, starts it again.
 *
 * Return: 0 or -errno.
 */
int vnm_driver_autostop(struct vnm_driver *drv, struct vnm_result **ret, size_t *ret_n,
			struct vnm_error *err)
{
	const struct vnm_store run = { drv->run_fd, "", VNM_VOLATILE };
	struct vnm_result *results;
	struct vnm_plan *plans;
	struct vnm_job *jobs;
	char **names;
	size_t n;
	int r = vnm_store_names(&run, ".journal", &names, &n, err);

	if (r < 0)
		return r;
	results = vnm_results_new((const char *const *)names, n);
	jobs = vnm_alloc((n ? n : 1) * sizeof(*jobs));
	plans = vnm_alloc((n ? n : 1) * sizeof(*plans));
	for (size_t i = 0; i < n; i++) {
		jobs[i].name = names[i];
		jobs[i].failed = vnm_driver_read_active(drv, names[i], &plans[i], &jobs[i].err) < 0;
		borrow_servers(&plans[i], &jobs[i].plan);
	}
	vnm_exec_revert(&drv->sys, jobs, n);
	for (size_t i = 0; i < n; i++) {
		if (jobs[i].failed)
			vnm_result_fail(&results[i], &jobs[i].err);
		free(jobs[i].plan.ops);
		vnm_plan_clear(&plans[i]);
	}
	free(plans);
	free(jobs);
	vnm_names_free(names, n);
	*ret = results;
	*ret_n = n;
	return 0;
}
