/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stop.c - stopping and repairing networks: both work from the journal, never from the definition. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "driver/driver_internal.h"
#include "plan/op/op_print.h"
#include "run/health.h"
#include "run/hook.h"
#include "run/others.h"
#include "sys/firewall/fw_known.h"
#include "util/mem.h"

/** vnm_jobs_free() - free jobs and their plans. */
void vnm_jobs_free(struct vnm_job *jobs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		vnm_plan_clear(&jobs[i].plan);
	free(jobs);
}

/** vnm_result_fail() - note why a network failed. */
void vnm_result_fail(struct vnm_result *result, const struct vnm_error *err)
{
	result->failed = true;
	result->err = *err;
}

/** vnm_results_new() - one blank result for each name; free with vnm_results_free(). */
struct vnm_result *vnm_results_new(const char *const *names, size_t n)
{
	struct vnm_result *results = vnm_alloc((n ? n : 1) * sizeof(*results));

	for (size_t i = 0; i < n; i++)
		results[i].name = vnm_strdup(names[i]);
	return results;
}

/** vnm_results_free() - free what a bulk call filled in; NULL is fine. */
void vnm_results_free(struct vnm_result *results, size_t n)
{
	for (size_t i = 0; results && i < n; i++) {
		free(results[i].name);
		free(results[i].detail);
		free(results[i].steps);
	}
	free(results);
}

static int read_active(struct vnm_driver *drv, const char *name, struct vnm_plan *ret,
		       struct vnm_error *err)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	int r = vnm_driver_journal(drv, name, true, &journal, err);

	if (r == -ENOENT || (r == 0 && journal.state != VNM_JOURNAL_ACTIVE))
		return vnm_driver_refuse_inactive(name, err);
	if (r < 0)
		return r;
	*ret = journal.plan;
	journal.plan = (struct vnm_plan){ 0 };
	return 0;
}

/**
 * vnm_driver_preview_destroy() - the record that vnm_driver_destroy() would take back
 *
 * Arguments as vnm_driver_preview_start().
 *
 * Return: 0 or -errno; nothing is changed.
 */
int vnm_driver_preview_destroy(struct vnm_driver *drv, const char *name, struct vnm_plan *ret,
			       struct vnm_error *err)
{
	int r = read_active(drv, name, ret, err);

	if (r == 0)
		vnm_driver_preview_others(drv, name, ret);
	return r;
}

/*
 * The definitions that hooks are to be told, taken before they are gone; NULL: nobody wants to know. One that
 * cannot be read has no name.
 */
static struct vnm_network *keep_live(struct vnm_driver *drv, const struct vnm_job *jobs, size_t n)
{
	struct vnm_warnings warnings = { 0 };
	struct vnm_network *nets;
	struct vnm_error err = { 0 };

	if (n == 0 || !vnm_hook_look(&drv->paths, &warnings))
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
static void tell_stopped(struct vnm_driver *drv, const struct vnm_job *jobs,
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

/* While the bridge is there. If it cannot be, the network stays. @ports: gets the names of the devices, or NULL; allocated. */
static int part_others(struct vnm_driver *drv, const struct vnm_job *job, char **ports,
		       struct vnm_error *err)
{
	struct vnm_error ignored = { 0 };
	int r = vnm_driver_part_others(drv, job->name, &job->plan, false, ports, err);

	if (r < 0) /* if that fails, too, the next command takes it down */
		(void)vnm_journal_mark(drv->run_fd, job->name, VNM_JOURNAL_ACTIVE, &ignored);
	return r;
}

/* Its record says that it goes from now on. @ports: as part_others(). */
static int begin_stop(struct vnm_driver *drv, struct vnm_job *job, char **ports,
		      struct vnm_error *err)
{
	int r;

	vnm_driver_warn_ports(drv, job->name);
	r = read_active(drv, job->name, &job->plan, err);
	if (r == 0)
		r = vnm_journal_mark(drv->run_fd, job->name, VNM_JOURNAL_STOPPING, err);
	return r == 0 ? part_others(drv, job, ports, err) : r;
}

/* Frees @ports. */
static void tell_ports(struct vnm_driver *drv, const struct vnm_job *jobs, char **ports, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ports[i] && !jobs[i].failed)
			vnm_driver_report(drv, VNM_REPORT_WARNING,
					  "network '%s' is stopped with ports of others on its "
					  "bridge: %s; they are cut off%s",
					  jobs[i].name, ports[i],
					  vnm_store_has(&drv->persistent, jobs[i].name)
						  ? ", and are put back on it when it starts"
						  : "");
	vnm_names_free(ports, n);
}

/**
 * vnm_driver_destroy() - stop networks, by their records
 *
 * Arguments and return value as vnm_driver_start(). What is already gone is no failure.
 */
int vnm_driver_destroy(struct vnm_driver *drv, const char *const *names, size_t n,
		       struct vnm_result **ret, struct vnm_error *err)
{
	struct vnm_job *jobs = vnm_alloc((n ? n : 1) * sizeof(*jobs));
	struct vnm_result *results = vnm_results_new(names, n);
	vnm_autofree size_t *owner = NULL;
	size_t n_jobs = 0, n_owner = 0;
	struct vnm_network *nets;
	char **ports = vnm_alloc((n ? n : 1) * sizeof(*ports));

	(void)err;
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
	nets = keep_live(drv, jobs, n_jobs);
	vnm_driver_tear_down(drv, jobs, n_jobs);
	tell_ports(drv, jobs, ports, n_jobs);
	for (size_t k = 0; k < n_jobs; k++) {
		if (jobs[k].failed)
			vnm_result_fail(&results[owner[k]], &jobs[k].err);
		else
			vnm_driver_warn_attachments(drv, jobs[k].name);
	}
	tell_stopped(drv, jobs, nets, n_jobs);
	vnm_jobs_free(jobs, n_jobs);
	*ret = results;
	return 0;
}

/* Only those operations that keep files of the state open. Borrowed: the array of @ret is its own. */
static void borrow_servers(const struct vnm_plan *plan, struct vnm_plan *ret)
{
	for (size_t i = 0; i < plan->n; i++)
		if (plan->ops[i].type == VNM_OP_DNSMASQ)
			*vnm_plan_add(ret, plan->ops[i].type) = plan->ops[i];
}

/**
 * vnm_driver_autostop() - what the shutdown does: let go of the file systems of the state
 * @drv:   the driver
 * @ret:   one result for each active network
 * @ret_n: how many
 * @err:   set when nothing could be tried
 *
 * Each network's dnsmasq ends, and has ended when this returns; all else of the networks stays, so that guests that are
 * still at work keep theirs. A repair, or autostart, starts it again.
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
		jobs[i].failed = read_active(drv, names[i], &plans[i], &jobs[i].err) < 0;
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

static bool is_missing(const struct vnm_missing *missing, size_t n, const struct vnm_op *op)
{
	for (size_t i = 0; i < n; i++)
		if (missing[i].op == op)
			return true;
	return false;
}

static bool lacks_rules(const struct vnm_missing *missing, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (missing[i].op->type == VNM_OP_RULE)
			return true;
	return false;
}

/*
 * What is missing; of the rules all, since their order counts. The operations are borrowed: the array of @ret is
 * its own, what they point to is not.
 */
static void borrow(const struct vnm_plan *plan, const struct vnm_health *health,
		   struct vnm_plan *ret)
{
	bool rules = lacks_rules(health->missing, health->n_missing) ||
		     health->found.faults.n > 0;

	for (size_t i = 0; i < plan->n; i++)
		if (is_missing(health->missing, health->n_missing, &plan->ops[i]) ||
		    (rules && plan->ops[i].type == VNM_OP_RULE))
			*vnm_plan_add(ret, plan->ops[i].type) = plan->ops[i];
}

/* What is in effect now? */
static int still_faulty(struct vnm_driver *drv, const struct vnm_plan *plan, struct vnm_error *err)
{
	struct vnm_fw_findings found = { 0 };

	vnm_fw_review(&drv->sys, plan, &found);
	if (found.faults.n > 0)
		vnm_error_set(err, VNM_ERR_STATE, EBUSY,
			      "after the repair still, or again: %s; who changes it?",
			      found.faults.items[0]);
	vnm_fw_findings_clear(&found);
	return err->code ? -EBUSY : 0;
}

/* @job fails, or what is missing is there; or would be. */
static void put_back(struct vnm_driver *drv, struct vnm_job *job, struct vnm_buf *steps)
{
	struct vnm_warnings notes = { 0 };

	vnm_exec_prepare(&drv->sys, job, 1);
	drv->sys.told = &notes;
	if (!job->failed && drv->assumed)
		vnm_plan_print(&job->plan, false, steps);
	else
		vnm_exec_apply(&drv->sys, job, 1);
	drv->sys.told = NULL;
	vnm_driver_warn(drv, &notes);
}

/* Put back what is missing of one network itself. @obstacles: gets what only others can mend. */
static int repair_plan(struct vnm_driver *drv, const char *name, struct vnm_result *result,
		       struct vnm_warnings *obstacles, struct vnm_buf *steps)
{
	vnm_autoplan struct vnm_plan plan = { 0 };
	vnm_autohealth struct vnm_health health = { 0 };
	struct vnm_job job = { .name = name };
	int r;

	r = read_active(drv, name, &plan, &result->err);
	if (r == 0)
		r = vnm_health_look(&drv->sys, &drv->paths, name, &plan, &health, &result->err);
	if (r == 0)
		r = vnm_driver_leave_assumed(drv, name, &health, &result->err);
	if (r < 0)
		return r;
	vnm_driver_report_missing(drv, name, health.missing, health.n_missing);
	for (size_t i = 0; i < health.found.obstacles.n; i++)
		vnm_warnings_add(obstacles, "%s", health.found.obstacles.items[i]);
	vnm_warnings_clear(&health.found.obstacles);
	if (health.guests.n > 0) /* theirs is another repair, which comes next */
		result->detail = vnm_health_text(&health);
	if (health.n_missing == 0 && health.found.faults.n == 0)
		return 0;
	borrow(&plan, &health, &job.plan);
	put_back(drv, &job, steps);
	free(job.plan.ops);
	if (job.failed) {
		result->err = job.err;
		return -EIO;
	}
	free(result->detail);
	result->detail = vnm_health_text(&health);
	return drv->assumed ? 0 : still_faulty(drv, &plan, &result->err);
}

/* The definition that it runs with is lost or damaged: the kept one takes its place. */
static int repair_live(struct vnm_driver *drv, const char *name, struct vnm_network *ret,
		       struct vnm_buf *text, struct vnm_error *err)
{
	struct vnm_error why = *err;
	int r;

	if (!vnm_store_has(&drv->persistent, name))
		return vnm_error_set(err, VNM_ERR_STATE, EINVAL,
				     "the definition that network '%s' runs with is lost (%.400s); "
				     "define it again, or stop it",
				     name, why.msg);
	r = vnm_store_load(&drv->persistent, name, ret, err);
	if (r < 0)
		return r;
	vnm_driver_set_runtime_defaults(ret);
	vnm_buf_printf(text, "%sits definition, from the kept one", text->len ? ", " : "");
	return vnm_store_save(&drv->live, ret, err);
}

/* The network is whole as far as it is ours; @obstacles are told, and cleared. */
static int tell_obstacles(struct vnm_result *result, struct vnm_warnings *obstacles)
{
	if (obstacles->n == 0)
		return 0;
	result->obstructed = true;
	vnm_error_set(&result->err, VNM_ERR_FOREIGN, EEXIST, "not for vnetmgr to mend: %s",
		      obstacles->items[0]);
	vnm_warnings_clear(obstacles);
	return -EEXIST;
}

/* What others had on the bridge, if that was lost. */
static int return_others(struct vnm_driver *drv, const char *name, struct vnm_buf *text,
			 struct vnm_buf *steps, struct vnm_error *err)
{
	vnm_autoplan struct vnm_plan plan = { 0 };
	int r = read_active(drv, name, &plan, err);

	return r == 0 ? vnm_driver_return_others(drv, name, &plan, text, steps, err) : r;
}

/* The network, and then its guests' devices, and others'. */
static int repair_one(struct vnm_driver *drv, const char *name, struct vnm_result *result,
		      struct vnm_warnings *obstacles)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	vnm_autobuf struct vnm_buf text = { 0 }, steps = { 0 };
	struct vnm_error ignored = { 0 };
	int r = repair_plan(drv, name, result, obstacles, &steps);

	if (r < 0)
		return r;
	if (result->detail)
		vnm_buf_add(&text, result->detail);
	r = vnm_store_load(&drv->live, name, &net, &result->err);
	if (r < 0)
		r = repair_live(drv, name, &net, &text, &result->err);
	if (r < 0)
		return r;
	if (!drv->assumed)
		vnm_driver_settle_leases(drv, &net);
	else if (!vnm_driver_assumes_plan(drv, name)) /* else told with the change */
		vnm_driver_preview_guests(drv, NULL, &net, &steps);
	if (!vnm_driver_assumes_repaired(drv, name)) {
		r = vnm_driver_repair_attachments(drv, &net, &text, &steps, &result->err);
		if (return_others(drv, name, &text, &steps, r < 0 ? &ignored : &result->err) < 0 &&
		    r == 0)
			r = -EIO;
	}
	free(result->detail);
	result->skipped = text.len == 0;
	result->detail = text.len ? vnm_buf_steal(&text) : NULL;
	if (drv->assumed) {
		vnm_driver_assume_repaired(drv, name);
		result->steps = steps.len ? vnm_buf_steal(&steps) : NULL;
	}
	return r;
}

/**
 * vnm_driver_repair() - put back what active networks have lost
 *
 * Arguments and return value as vnm_driver_start(). A result that is skipped was whole. What was put back
 * stays if something else cannot be: a half repaired network is better than one that is not repaired at all.
 */
int vnm_driver_repair(struct vnm_driver *drv, const char *const *names, size_t n,
		      struct vnm_result **ret, struct vnm_error *err)
{
	struct vnm_result *results = vnm_results_new(names, n);

	(void)err;
	vnm_health_know(&drv->sys, drv->run_fd, NULL);
	for (size_t i = 0; i < n; i++) {
		struct vnm_warnings obstacles = { 0 };
		int r = repair_one(drv, names[i], &results[i], &obstacles);

		if (r == 0)
			r = tell_obstacles(&results[i], &obstacles);
		vnm_warnings_clear(&obstacles);
		results[i].failed = r < 0;
	}
	vnm_fw_forget_known(&drv->sys);
	*ret = results;
	return 0;
}
