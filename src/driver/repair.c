/* SPDX-License-Identifier: GPL-2.0-or-later */
/* repair.c - net-repair: makes again what is missing of an active network, by its journal. */
#include "driver/repair.h"

#include <errno.h>
#include <stdlib.h>

#include "driver/assume_repair.h"
#include "driver/attach_repair.h"
#include "run/definition.h"
#include "run/exec.h"
#include "run/guest_renumber.h"
#include "run/health.h"
#include "run/lease_stale.h"
#include "run/others.h"
#include "run/overlay.h"
#include "run/survey.h"
#include "state/assume.h"
#include "state/device_uses.h"
#include "state/networks.h"
#include "state/session.h"
#include "sys/firewall/firewall.h"
#include "sys/dbus/zone.h"
#include "sys/firewall/fw_expected.h"
#include "xml/network_xml.h"

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
 * The missing operations; of the rules all, since their order counts. The operations are borrowed: only the array
 * is @ret's own.
 */
static void select_missing(const struct vnm_plan *plan, const struct vnm_health *health,
			   struct vnm_plan *ret)
{
	bool rules = lacks_rules(health->missing, health->n_missing) || health->found.faults.n > 0;

	ret->firewall = plan->firewall;
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

/* What is present is applied, too, to get the rules in order, but is no step. */
static void add_missing_steps(const struct vnm_health *health, struct vnm_steps *steps)
{
	struct vnm_plan lacking = { .firewall = health->plan->firewall };

	for (size_t i = 0; i < health->n_missing; i++)
		*vnm_plan_add(&lacking, health->missing[i].op->type) = *health->missing[i].op;
	vnm_steps_add_plan(steps, &lacking, false);
	free(lacking.ops);
	for (size_t i = 0; i < health->found.faults.n; i++)
		vnm_steps_add(steps, VNM_STEP_CHANGE, "firewall", "put right: %s",
			      health->found.faults.items[i]);
}

/* The same, of a repair that is not dry. */
static void report_missing_steps(struct vnm_driver *drv, const struct vnm_health *health)
{
	if (!drv->report.details)
		return;
	for (size_t i = 0; i < health->n_missing; i++)
		vnm_driver_report_op(drv, "", health->missing[i].op, false);
	for (size_t i = 0; i < health->found.faults.n; i++)
		vnm_driver_report(drv, VNM_REPORT_DETAIL, "~ put right: %s",
				  health->found.faults.items[i]);
}

/* Applies what is missing, or assumes it; on failure @job fails. */
static void make_missing(struct vnm_driver *drv, struct vnm_job *job,
			 const struct vnm_health *health, struct vnm_steps *steps)
{
	void (*step)(void *data, const struct vnm_op *op, bool undo) = drv->sys.step;
	struct vnm_warnings warnings = { 0 };

	vnm_exec_prepare(&drv->sys, job, 1);
	drv->sys.repair_warnings = &warnings;
	if (!job->failed && drv->assumed)
		add_missing_steps(health, steps);
	else if (!job->failed)
		report_missing_steps(drv, health);
	drv->sys.step = NULL;
	if (!drv->assumed)
		vnm_exec_apply(&drv->sys, job, 1);
	drv->sys.step = step;
	drv->sys.repair_warnings = NULL;
	vnm_driver_warn(drv, &warnings);
}

/* Restores what is missing of the network itself. @obstacles: gets what only others can mend. */
static int repair_plan(struct vnm_driver *drv, const char *name, struct vnm_result *result,
		       struct vnm_warnings *obstacles, struct vnm_steps *steps)
{
	vnm_autoplan struct vnm_plan plan = { 0 };
	vnm_autohealth struct vnm_health health = { 0 };
	struct vnm_job job = { .name = name };
	int r;

	r = vnm_driver_read_active(drv, name, &plan, &result->err);
	if (r == 0)
		r = vnm_health_check(&drv->sys, &drv->paths, name, &plan, false, &health,
				     &result->err);
	if (r == 0)
		r = vnm_driver_leave_assumed(drv, name, &health, &result->err);
	if (r < 0)
		return r;
	vnm_driver_report_missing(drv, name, health.missing, health.n_missing);
	for (size_t i = 0; i < health.found.obstacles.n; i++)
		vnm_warnings_add(obstacles, "%s", health.found.obstacles.items[i]);
	vnm_warnings_clear(&health.found.obstacles);
	vnm_warnings_clear(&health.unknown);
	if (health.guests.n > 0) /* guests are repaired next */
		result->detail = vnm_health_repaired(&health);
	if (health.n_missing == 0 && health.found.faults.n == 0)
		return 0;
	select_missing(&plan, &health, &job.plan);
	make_missing(drv, &job, &health, steps);
	free(job.plan.ops);
	if (job.failed) {
		result->err = job.err;
		return -EIO;
	}
	free(result->detail);
	result->detail = vnm_health_repaired(&health);
	return drv->assumed ? 0 : still_faulty(drv, &plan, &result->err);
}

/* If the live definition is lost or damaged, the persistent one replaces it. */
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
	r = vnm_driver_resolve_overlay(drv, ret, NULL, err);
	if (r < 0)
		return r;
	vnm_buf_printf(text, "%sits definition, from the persistent one", text->len ? ", " : "");
	return vnm_store_save(&drv->live, ret, err);
}

/* The network is whole as far as it is ours; @obstacles are reported, and cleared. */
static int fail_obstructed(struct vnm_result *result, struct vnm_warnings *obstacles)
{
	if (obstacles->n == 0)
		return 0;
	result->obstructed = true;
	vnm_error_set(&result->err, VNM_ERR_FOREIGN, EEXIST, "not for vnetmgr to mend: %s",
		      obstacles->items[0]);
	vnm_warnings_clear(obstacles);
	return -EEXIST;
}

/* Restores others' devices on the bridge, if that was lost. */
static int return_others(struct vnm_driver *drv, const char *name, struct vnm_buf *text,
			 struct vnm_steps *steps, struct vnm_error *err)
{
	vnm_autoplan struct vnm_plan plan = { 0 };
	int r = vnm_driver_read_active(drv, name, &plan, err);

	return r == 0 ? vnm_driver_return_others(drv, name, &plan, text, steps, err) : r;
}

/* A network that an earlier version has started has none of it. */
static void note_devices(struct vnm_driver *drv, const char *name)
{
	vnm_autoplan struct vnm_plan plan = { 0 };
	struct vnm_error err = { 0 };
	int r = vnm_driver_read_active(drv, name, &plan, &err);

	if (r == 0)
		r = vnm_device_uses_note(drv->run_fd, name, &plan, &err);
	if (r < 0)
		vnm_driver_report(drv, VNM_REPORT_WARNING, "%s", err.msg);
}

/* The network, and then its guests' devices, and others'. */
static int repair_one(struct vnm_driver *drv, const char *name, struct vnm_result *result,
		      struct vnm_warnings *obstacles)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	vnm_autobuf struct vnm_buf text = { 0 };
	vnm_autosteps struct vnm_steps steps = { 0 };
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
	if (!drv->assumed) {
		note_devices(drv, name);
		vnm_driver_end_stale_leases(drv, &net);
	} else if (!vnm_driver_assumes_plan(drv, name)) { /* else reported with the change */
		vnm_driver_preview_guests(drv, NULL, &net, &steps);
	}
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
		vnm_steps_move(&result->steps, &steps);
	}
	return r;
}

/* firewalld flushes the tables of iptables when it reloads, which it does in the background. It answers when it has. */
static void wait_for_firewalld(struct vnm_driver *drv)
{
	struct vnm_facts facts __attribute__((cleanup(vnm_facts_clear))) = { 0 };
	struct vnm_error ignored = { 0 };

	if (drv->sys.fw_backend == VNM_FW_BACKEND_IPTABLES_NFT)
		(void)vnm_observe_zones(&drv->sys, &facts, &ignored);
}

/**
 * vnm_driver_repair() - restore what active networks have lost
 *
 * Arguments and return value as vnm_driver_start(). A network that was whole is skipped. What was restored
 * stays after a failure: a half repaired network is better than one that is not repaired at all. As long as all are whole,
 * they are compared with what was read once.
 */
int vnm_driver_repair(struct vnm_driver *drv, const char *const *names, size_t n,
		      struct vnm_result **ret, struct vnm_error *err)
{
	struct vnm_result *results = vnm_results_new(names, n);

	(void)err;
	wait_for_firewalld(drv);
	if (n > 1)
		vnm_driver_survey(drv, true, NULL);
	for (size_t i = 0; i < n; i++) {
		struct vnm_warnings obstacles = { 0 };
		int r;

		if (!drv->sys.fw_expected) /* also when the last one was changed */
			vnm_health_expect_rules(&drv->sys, &drv->journals, NULL);
		r = repair_one(drv, names[i], &results[i], &obstacles);
		if (r == 0)
			r = fail_obstructed(&results[i], &obstacles);
		vnm_warnings_clear(&obstacles);
		results[i].failed = r < 0;
	}
	vnm_driver_survey_end(drv);
	*ret = results;
	return 0;
}
