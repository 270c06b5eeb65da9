/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * start.c - starting networks: by name, from a text, at boot; or a dry run of that.
 *
 * Any number of networks at once: all are planned and recorded first, then applied together
 * (exec.h). Each network has its own result; a broken one stops nobody else.
 */
#include "driver/start.h"

#include <errno.h>
#include <stdlib.h>

#include "driver/assume_start.h"
#include "driver/guard.h"
#include "model/validate.h"
#include "plan/conflict/other_net.h"
#include "run/announce.h"
#include "run/definition.h"
#include "run/exec.h"
#include "run/firewall.h"
#include "run/guest_reattach.h"
#include "run/guest_remove.h"
#include "run/guest_renumber.h"
#include "run/hook.h"
#include "run/lease_stale.h"
#include "run/lease_use.h"
#include "run/observe.h"
#include "run/others.h"
#include "run/overlay.h"
#include "run/plan_network.h"
#include "run/teardown.h"
#include "state/assume.h"
#include "state/device_uses.h"
#include "state/networks.h"
#include "state/session.h"
#include "sys/firewall/fw_foreign.h"
#include "util/forker.h"
#include "util/mem.h"
#include "xml/network_xml.h"

#define MANY \
	16 /* networks, for whose dnsmasq processes it pays to fork while this process is small */

static int plan_one(struct vnm_driver *drv, const struct vnm_network *net,
		    const struct vnm_facts *facts, const struct vnm_other_net *batch,
		    size_t n_batch, struct vnm_plan *ret, struct vnm_error *err)
{
	int r = vnm_driver_state_readable(drv, net->name, err);

	if (r < 0)
		return r;
	if (!vnm_driver_assumes_plan(drv, net->name) && vnm_journal_exists(drv->run_fd, net->name))
		return vnm_error_set(
			err, VNM_ERR_STATE, EBUSY,
			"what an interrupted command left of network '%s' cannot be removed (see "
			"the warning)",
			net->name);
	return vnm_driver_plan(drv, net, NULL, facts, batch, n_batch, ret, err);
}

/* A network that others cut off is looked at each time. */
static void warn_foreign_drop(struct vnm_driver *drv, const struct vnm_job *jobs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct vnm_fw_findings found = { 0 };

		if (jobs[i].failed)
			continue;
		vnm_fw_foreign(&drv->sys, &jobs[i].plan, &found);
		if (vnm_fw_findings_none(&found))
			vnm_rules_record_keep(&drv->rules, jobs[i].name);
		vnm_driver_warn(drv, &found.obstacles);
		vnm_driver_warn(drv, &found.notes);
		vnm_fw_findings_clear(&found);
	}
}

static void plan_all(struct vnm_driver *drv, const struct vnm_network *nets, struct vnm_job *jobs,
		     size_t n, const struct vnm_facts *facts)
{
	vnm_autofree struct vnm_other_net *batch = NULL;
	size_t n_batch = 0;

	vnm_driver_warn_left_out(drv, facts);
	for (size_t i = 0; i < n; i++) {
		jobs[i].name = nets[i].name;
		if (jobs[i].failed)
			continue;
		if (plan_one(drv, &nets[i], facts, batch, n_batch, &jobs[i].plan, &jobs[i].err) <
		    0) {
			jobs[i].failed = true;
			continue;
		}
		batch = vnm_array_add(batch, &n_batch, sizeof(*batch));
		batch[n_batch - 1] = (struct vnm_other_net){ &nets[i], true };
	}
}

static void record_all(struct vnm_driver *drv, struct vnm_job *jobs, size_t n, bool *recorded)
{
	bool named = false;

	for (size_t i = 0; i < n; i++) {
		if (jobs[i].failed)
			continue;
		if ((!named && vnm_driver_record_firewall(drv, &jobs[i].err) < 0) ||
		    vnm_journal_cache_create(&drv->journals, jobs[i].name, &jobs[i].plan,
					     &jobs[i].err) < 0)
			jobs[i].failed = true;
		else
			named = recorded[i] = true;
		if (recorded[i] && vnm_device_uses_note(drv->run_fd, jobs[i].name, &jobs[i].plan,
							&jobs[i].err) < 0)
			jobs[i].failed = true;
	}
}

/* At boot a network waits for an uplink that is not there yet: from before it is looked for, so that none comes unseen. */
static void wait_for_uplinks(struct vnm_driver *drv, const struct vnm_network *nets,
			     struct vnm_job *jobs, size_t n)
{
	if (!drv->sys.boots || drv->assumed)
		return;
	for (size_t i = 0; i < n; i++)
		if (!jobs[i].failed && vnm_network_has_uplink(&nets[i]) &&
		    vnm_device_uses_add(drv->run_fd, nets[i].name, nets[i].uplink.dev,
					&jobs[i].err) < 0)
			jobs[i].failed = true;
}

static int run_start_hook(struct vnm_driver *drv, const struct vnm_network *net,
			  struct vnm_error *err)
{
	if (drv->assumed)
		return vnm_hook_check(&drv->paths, err);
	vnm_driver_report_hooks(drv, net->name);
	return vnm_hook_run(&drv->paths, net->name, VNM_HOOK_START, net, NULL, err);
}

/* Networks refused by their hooks fail. Nothing is recorded or made yet. */
static void announce_start(struct vnm_driver *drv, const struct vnm_network *nets,
			   struct vnm_job *jobs, size_t n)
{
	struct vnm_warnings warnings = { 0 };

	if (!vnm_hook_exists(&drv->paths, &warnings))
		return;
	vnm_driver_warn(drv, &warnings);
	for (size_t i = 0; i < n; i++)
		if (!jobs[i].failed && run_start_hook(drv, &nets[i], &jobs[i].err) < 0)
			jobs[i].failed = true;
}

/* The last hook, and the last two writes of a start: the live definition, and the state "active". */
static void commit_one(struct vnm_driver *drv, struct vnm_network *net, struct vnm_job *job)
{
	vnm_driver_set_runtime_defaults(net);
	vnm_driver_report_hooks(drv, net->name);
	if (vnm_hook_run(&drv->paths, net->name, VNM_HOOK_STARTED, net, NULL, &job->err) < 0 ||
	    vnm_store_save(&drv->live, net, &job->err) < 0 ||
	    vnm_journal_cache_mark(&drv->journals, net->name, VNM_JOURNAL_ACTIVE, &job->err) < 0)
		job->failed = true;
}

/* Reverts those that were recorded and failed; what cannot be reverted keeps its journal. */
static void roll_back_failed(struct vnm_driver *drv, const struct vnm_job *jobs,
			     const bool *recorded, size_t n)
{
	vnm_autofree struct vnm_job *rollback = NULL;
	size_t n_rollback = 0;

	for (size_t i = 0; i < n; i++) {
		if (!jobs[i].failed || !recorded[i])
			continue;
		rollback = vnm_array_add(rollback, &n_rollback, sizeof(*rollback));
		rollback[n_rollback - 1] =
			(struct vnm_job){ .name = jobs[i].name, .plan = jobs[i].plan };
	}
	vnm_driver_roll_back(drv, rollback, n_rollback);
}

static void apply_all(struct vnm_driver *drv, struct vnm_network *nets, struct vnm_job *jobs,
		      size_t n)
{
	vnm_autofree bool *recorded = vnm_alloc(n * sizeof(*recorded));
	vnm_autofree struct vnm_warnings *waiting = vnm_alloc(n * sizeof(*waiting));
	struct vnm_warnings warnings = { 0 };

	record_all(drv, jobs, n, recorded);
	for (size_t i = 0; i < n; i++)
		if (!jobs[i].failed && vnm_driver_post_guard(drv, &nets[i], &jobs[i].err) < 0)
			jobs[i].failed = true;
	drv->sys.warnings = &warnings;
	vnm_exec_apply(&drv->sys, jobs, n);
	drv->sys.warnings = NULL;
	vnm_driver_warn(drv, &warnings);
	for (size_t i = 0; i < n; i++)
		if (!jobs[i].failed && vnm_driver_mark_leases(drv, &nets[i], &jobs[i].err) < 0)
			jobs[i].failed = true;
	for (size_t i = 0; i < n; i++) {
		if (jobs[i].failed)
			continue;
		vnm_driver_rejoin_others(drv, jobs[i].name, &jobs[i].plan, NULL);
		commit_one(drv, &nets[i], &jobs[i]);
	}
	for (size_t i = 0; i < n; i++) {
		if (jobs[i].failed)
			continue;
		vnm_driver_end_stale_leases(drv, &nets[i]);
		vnm_driver_warn_full(drv, &nets[i]);
		vnm_driver_reattach(drv, &nets[i], &waiting[i], NULL);
	}
	for (size_t i = 0; i < n; i++)
		vnm_driver_reattach_waiting(drv, &nets[i], &waiting[i], NULL);
	roll_back_failed(drv, jobs, recorded, n);
}

/*
 * Start networks by their definitions.
 * @nets:    complete definitions of inactive networks; become the live ones
 * @results: one each, with its name; those already marked failed are skipped. Get the steps of a dry
 *           run, which starts nothing
 * @err:     set when the host could not be observed, and nothing was tried
 */
static int start_nets(struct vnm_driver *drv, struct vnm_network *nets, struct vnm_result *results,
		      size_t n, struct vnm_error *err)
{
	struct vnm_facts facts __attribute__((cleanup(vnm_facts_clear))) = { 0 };
	struct vnm_job *jobs;
	int r;

	jobs = vnm_alloc(n * sizeof(*jobs));
	for (size_t i = 0; i < n; i++)
		jobs[i].failed = results[i].failed;
	r = vnm_driver_own(drv, err);
	if (r < 0) {
		vnm_jobs_free(jobs, n);
		return r;
	}
	/* Before the host is observed: a hook may be there to make what the network needs. */
	announce_start(drv, nets, jobs, n);
	for (size_t i = 0; i < n; i++)
		if (!jobs[i].failed &&
		    vnm_driver_resolve_overlay(drv, &nets[i], NULL, &jobs[i].err) < 0)
			jobs[i].failed = true;
	wait_for_uplinks(drv, nets, jobs, n);
	r = vnm_driver_choose_firewall(drv, err);
	if (r == 0)
		r = vnm_driver_observe(drv, nets, n, &facts, err);
	if (r < 0) {
		vnm_jobs_free(jobs, n);
		return r;
	}
	for (size_t i = 0; i < n && !drv->assumed; i++)
		if (!jobs[i].failed)
			vnm_guest_collect(drv, nets[i].name);
	if (!drv->assumed)
		vnm_driver_renumber_all(drv, nets, jobs, n);
	plan_all(drv, nets, jobs, n, &facts);
	vnm_exec_prepare(&drv->sys, jobs, n);
	if (drv->assumed)
		vnm_driver_assume_starts(drv, nets, jobs, results, n);
	else
		apply_all(drv, nets, jobs, n);
	warn_foreign_drop(drv, jobs, n);
	for (size_t i = 0; i < n; i++)
		if (jobs[i].failed && !results[i].failed)
			vnm_result_fail(&results[i], &jobs[i].err);
	vnm_jobs_free(jobs, n);
	return 0;
}

/**
 * vnm_driver_create() - start a network from a text, without storing its definition
 *
 * Arguments as vnm_driver_define(). A persistent network of the same name and UUID stays persistent and runs
 * the new text until it is destroyed.
 *
 * Return: 0 or -errno; after a failure nothing is left of it.
 */
int vnm_driver_create(struct vnm_driver *drv, const char *text, size_t len, const char *file,
		      struct vnm_applied *ret, struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_result result = { 0 };
	int r;

	r = vnm_driver_parse_and_validate(drv, text, len, file, VNM_AFFECT_LIVE, &net, err);
	if (r < 0)
		return r;
	r = vnm_driver_check_conflicts(drv, &net, VNM_AFFECT_LIVE, NULL, err);
	if (r < 0)
		return r;
	r = vnm_driver_state_readable(drv, net.name, err);
	if (r < 0)
		return r;
	if (vnm_driver_active(drv, net.name))
		return vnm_error_set(
			err, VNM_ERR_ACTIVE, EEXIST,
			"Requested operation is not valid: network is already active as '%s'",
			net.name);
	result.name = net.name;
	r = start_nets(drv, &net, &result, 1, err);
	if (r < 0)
		return r;
	if (result.failed) {
		vnm_steps_clear(&result.steps);
		*err = result.err;
		return vnm_error_errno(err);
	}
	*ret = (struct vnm_applied){ .name = vnm_strdup(net.name),
				     .uuid = net.uuid,
				     .started = true };
	vnm_steps_move(&ret->steps, &result.steps);
	return 0;
}

/* A stored definition that a person edited by hand may lack generated parts; they are added, and stored. */
static int load_complete(struct vnm_driver *drv, const char *name, struct vnm_network *ret,
			 struct vnm_error *err)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_other_nets others vnm_autoother_nets = { 0 };
	bool whole;
	int r;

	r = vnm_store_load(&drv->persistent, name, &net, err);
	if (r < 0)
		return r;
	whole = net.uuid.set &&
		(!vnm_network_makes_bridge(&net) ||
		 ((net.mac.address.set || vnm_network_has_uplink(&net)) && net.bridge.name));
	if (!whole) {
		r = vnm_other_nets_load(drv, name, &others, err);
		if (r == 0)
			r = vnm_driver_fill_defaults(drv, &net, &others, err);
		if (r == 0)
			r = vnm_store_save(&drv->persistent, &net, err);
	}
	if (r < 0)
		return r;
	*ret = net;
	net = (struct vnm_network){ 0 };
	return 0;
}

static int load_for_start(struct vnm_driver *drv, const char *name, struct vnm_network *ret,
			  struct vnm_error *err)
{
	struct vnm_warnings warnings = { 0 };
	int r = vnm_driver_state_readable(drv, name, err);

	if (r < 0)
		return r;
	if (vnm_driver_active(drv, name))
		return vnm_error_set(err, VNM_ERR_ACTIVE, EEXIST,
				     "Requested operation is not valid: network is already active");
	r = load_complete(drv, name, ret, err);
	if (r < 0)
		return r;
	r = vnm_network_validate(ret, &warnings, err);
	vnm_warnings_clear(&warnings); /* reported when it was defined */
	if (r < 0)
		vnm_network_clear(ret);
	return r;
}

/**
 * vnm_driver_start() - start persistent networks
 * @drv:   the driver
 * @names: the networks' names, as vnm_driver_lookup() gives them
 * @n:     how many
 * @ret:   @n results; free with vnm_results_free()
 * @err:   set when nothing could be tried
 *
 * Return: 0 or -errno.
 */
int vnm_driver_start(struct vnm_driver *drv, const char *const *names, size_t n,
		     struct vnm_result **ret, struct vnm_error *err)
{
	vnm_autofree struct vnm_network *nets = vnm_alloc((n ? n : 1) * sizeof(*nets));
	struct vnm_result *results = vnm_results_new(names, n);
	int r;

	if (n >= MANY && !drv->assumed && !drv->sys.forker)
		drv->sys.forker = vnm_forker_begin();
	for (size_t i = 0; i < n; i++)
		if (load_for_start(drv, names[i], &nets[i], &results[i].err) < 0) {
			results[i].failed = true;
			nets[i].name = vnm_strdup(names[i]);
		}
	r = n ? start_nets(drv, nets, results, n, err) : 0;
	for (size_t i = 0; i < n; i++)
		vnm_network_clear(&nets[i]);
	if (r < 0) {
		vnm_results_free(results, n);
		return r;
	}
	*ret = results;
	return 0;
}

/** vnm_driver_marked() - the networks with an autostart link; free with vnm_names_free(). Return: 0 or -errno. */
int vnm_driver_marked(struct vnm_driver *drv, char ***ret, size_t *ret_n, struct vnm_error *err)
{
	const struct vnm_store marks = { drv->autostart_fd, drv->persistent.path, VNM_DURABLE };

	return vnm_store_names(&marks, ".xml", ret, ret_n, err);
}

/**
 * vnm_driver_autostart() - the start at boot
 * @drv:   the driver
 * @names: the networks to start
 * @n:     how many
 * @ret:   one result for each; @skipped: it was active already
 * @err:   set when nothing could be tried
 *
 * One that fails because its uplink is not there is among vnm_driver_late() when that has come.
 *
 * Return: 0 or -errno.
 */
int vnm_driver_autostart(struct vnm_driver *drv, const char *const *names, size_t n,
			 struct vnm_result **ret, struct vnm_error *err)
{
	vnm_autofree const char **idle = NULL;
	struct vnm_result *started = NULL, *results = vnm_results_new(names, n);
	struct vnm_error ignored = { 0 };
	size_t n_idle = 0, k = 0;
	int r;

	for (size_t i = 0; i < n; i++) {
		results[i].skipped = vnm_driver_active(drv, names[i]);
		if (results[i].skipped)
			continue;
		idle = vnm_array_add(idle, &n_idle, sizeof(*idle));
		idle[n_idle - 1] = names[i];
	}
	drv->sys.boots = true;
	r = vnm_driver_start(drv, idle, n_idle, &started, err);
	drv->sys.boots = false;
	for (size_t i = 0; r == 0 && i < n; i++) {
		if (results[i].skipped)
			continue;
		results[i].failed = started[k].failed;
		vnm_steps_move(&results[i].steps, &started[k].steps);
		results[i].err = started[k++].err;
		if (results[i].failed && results[i].err.code != VNM_ERR_NO_DEVICE)
			(void)vnm_device_uses_forget(drv->run_fd, names[i], &ignored);
	}
	vnm_results_free(started, r == 0 ? n_idle : 0);
	if (r < 0) {
		vnm_results_free(results, n);
		return r;
	}
	*ret = results;
	return 0;
}

/**
 * vnm_driver_late() - the networks that use devices of the host which may have come later
 * @drv:       the driver
 * @active:    whether those that are active, or those with an autostart link that wait to be started
 * @ret:       their names; free with vnm_names_free()
 * @ret_n:     how many
 */
void vnm_driver_late(struct vnm_driver *drv, bool active, char ***ret, size_t *ret_n)
{
	const struct vnm_store marks = { drv->autostart_fd, drv->persistent.path, VNM_DURABLE };
	size_t n, kept = 0;

	vnm_device_uses_names(drv->run_fd, ret, &n);
	for (size_t i = 0; i < n; i++) {
		char *name = (*ret)[i];

		if (vnm_driver_active(drv, name) == active &&
		    (active || vnm_store_has(&marks, name)))
			(*ret)[kept++] = name;
		else
			free(name);
	}
	*ret_n = kept;
}
