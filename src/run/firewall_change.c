/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * firewall_change.c - the rules of all active networks move to another firewall back end.
 *
 * Theory of operation. The new back end gets all rules before the old one loses them, so that guests are never without; while
 * both have them, each accepts what the other does, and NAT is done once, by whichever comes first. RUN/firewall names both
 * meanwhile (state/fw_record.c): the change is rolled back until all rules are in the new one, and completed afterwards, by the
 * next command if this one is killed.
 */
#include "run/firewall_change.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "run/exec.h"
#include "run/log.h"
#include "state/fw_record.h"
#include "state/networks.h"
#include "state/session.h"
#include "sys/firewall/firewall.h"
#include "util/mem.h"
#include "util/proc.h"

/** struct move - the active networks: @plans of all operations, and @jobs of their rules alone, which are borrowed. */
struct move {
	char **names;
	struct vnm_plan *plans;
	struct vnm_job *jobs;
	size_t n;
};

static void move_clear(struct move *move)
{
	for (size_t i = 0; i < move->n; i++) {
		free(move->jobs[i].plan.ops);
		vnm_plan_clear(&move->plans[i]);
	}
	free(move->jobs);
	free(move->plans);
	vnm_names_free(move->names, move->n);
}

static void borrow_rules(const struct vnm_plan *plan, struct vnm_plan *ret)
{
	for (size_t i = 0; i < plan->n; i++)
		if (plan->ops[i].type == VNM_OP_RULE)
			*vnm_plan_add(ret, plan->ops[i].type) = plan->ops[i];
}

/* Return: 0 or -errno; @ret is to be cleared in any case. */
static int read_all(struct vnm_driver *drv, struct move *ret, struct vnm_error *err)
{
	int r = vnm_driver_journal_names(drv, &ret->names, &ret->n, err);

	if (r < 0)
		return r;
	ret->plans = vnm_alloc((ret->n ? ret->n : 1) * sizeof(*ret->plans));
	ret->jobs = vnm_alloc((ret->n ? ret->n : 1) * sizeof(*ret->jobs));
	for (size_t i = 0; i < ret->n && r == 0; i++) {
		r = vnm_driver_read_active(drv, ret->names[i], &ret->plans[i], err);
		if (r == 0 && vnm_journal_has_pending(drv->run_fd, ret->names[i]))
			r = vnm_error_set(err, VNM_ERR_STATE, EBUSY,
					  "a change of network '%s' is not rolled back yet (see "
					  "the warning)",
					  ret->names[i]);
		ret->jobs[i].name = ret->names[i];
		borrow_rules(&ret->plans[i], &ret->jobs[i].plan);
	}
	return r;
}

static int write_record(struct vnm_driver *drv, enum vnm_fw_backend backend,
			enum vnm_fw_backend leftover, struct vnm_error *err)
{
	const struct vnm_fw_record record = { backend, leftover };
	int r = vnm_fw_record_write(drv->run_fd, &record);

	return r < 0 ? vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot write '%s/firewall': %s",
				     drv->paths.run, strerror(-r))
		     : 0;
}

static int first_error(struct move *move, struct vnm_error *err)
{
	int r = 0;

	for (size_t i = 0; i < move->n; i++) {
		if (!move->jobs[i].failed)
			continue;
		if (r == 0) {
			*err = move->jobs[i].err;
			r = vnm_error_errno(err);
		}
		move->jobs[i].failed = false;
	}
	return r;
}

/* All rules of ours, and what holds them. */
static int remove_from(struct vnm_driver *drv, struct move *move, enum vnm_fw_backend backend,
		       struct vnm_error *err)
{
	const enum vnm_fw_backend now = drv->sys.fw_backend;
	int r;

	vnm_fw_use_backend(&drv->sys, backend);
	drv->sys.last_one = true;
	vnm_exec_revert(&drv->sys, move->jobs, move->n);
	r = first_error(move, err);
	if (r == 0)
		r = vnm_fw_release(&drv->sys, err);
	drv->sys.last_one = false;
	vnm_fw_use_backend(&drv->sys, now);
	return r;
}

static int rewrite_journals(struct vnm_driver *drv, struct move *move, struct vnm_error *err)
{
	int r = 0;

	for (size_t i = 0; i < move->n && r == 0; i++) {
		if (move->plans[i].firewall == drv->sys.fw_backend)
			continue;
		move->plans[i].firewall = drv->sys.fw_backend;
		r = vnm_journal_cache_write_pending(&drv->journals, move->names[i], &move->plans[i],
						    err);
		if (r == 0)
			r = vnm_journal_cache_commit(&drv->journals, move->names[i], err);
	}
	return r;
}

/* @leftover has rules that the networks do not need, or no longer. */
static int finish(struct vnm_driver *drv, struct move *move, enum vnm_fw_backend leftover,
		  struct vnm_error *err)
{
	int r = remove_from(drv, move, leftover, err);

	if (r == 0)
		r = rewrite_journals(drv, move, err);
	return r < 0 ? r : write_record(drv, drv->sys.fw_backend, VNM_FW_RECORD_NONE, err);
}

/* Uses @backend on success; else all is as it was. */
static int make(struct vnm_driver *drv, struct move *move, enum vnm_fw_backend backend,
		struct vnm_error *err)
{
	const enum vnm_fw_backend old = drv->sys.fw_backend;
	struct vnm_error why = { 0 };
	int r;

	vnm_fw_use_backend(&drv->sys, backend);
	vnm_exec_prepare(&drv->sys, move->jobs, move->n);
	r = first_error(move, err);
	if (r == 0)
		r = write_record(drv, old, backend, err);
	if (r == 0) {
		vnm_exec_apply(&drv->sys, move->jobs, move->n);
		r = first_error(move, err);
	}
	if (r == 0)
		r = write_record(drv, backend, old, err); /* the commit */
	if (r == 0)
		return 0;
	vnm_fw_use_backend(&drv->sys, old);
	if (finish(drv, move, backend, &why) < 0)
		vnm_driver_report(drv, VNM_REPORT_WARNING, "%s; the next command tries again",
				  why.msg);
	return r;
}

/* The steps of a dry run. */
static int preview(struct vnm_driver *drv, struct move *move, enum vnm_fw_backend backend,
		   struct vnm_steps *steps, struct vnm_error *err)
{
	const enum vnm_fw_backend old = drv->sys.fw_backend;
	int r;

	vnm_fw_use_backend(&drv->sys, backend);
	vnm_exec_prepare(&drv->sys, move->jobs, move->n);
	r = first_error(move, err);
	for (size_t i = 0; i < move->n && r == 0; i++) {
		move->jobs[i].plan.firewall = backend;
		vnm_steps_add_plan(steps, &move->jobs[i].plan, false);
	}
	for (size_t i = 0; i < move->n && r == 0; i++) {
		move->jobs[i].plan.firewall = old;
		vnm_steps_add_plan(steps, &move->jobs[i].plan, true);
	}
	vnm_fw_use_backend(&drv->sys, old);
	return r;
}

/**
 * vnm_driver_change_firewall() - move the rules of all active networks to another back end
 * @drv:     the driver, which uses it from now on, but for a dry run
 * @backend: the new one; nothing is done if it is in use
 * @steps:   a dry run gets the steps
 * @err:     set on failure; then all is as it was. What is left in the old back end is a warning
 *
 * Return: 0 or -errno.
 */
int vnm_driver_change_firewall(struct vnm_driver *drv, enum vnm_fw_backend backend,
			       struct vnm_steps *steps, struct vnm_error *err)
{
	struct move move __attribute__((cleanup(move_clear))) = { 0 };
	const enum vnm_fw_backend old = drv->sys.fw_backend;
	struct vnm_error why = { 0 };
	int r = backend == old ? 0 : read_all(drv, &move, err);

	if (r < 0 || move.n == 0)
		return r;
	if (drv->assumed)
		return preview(drv, &move, backend, steps, err);
	r = make(drv, &move, backend, err);
	if (r == 0 && finish(drv, &move, old, &why) < 0)
		vnm_driver_report(drv, VNM_REPORT_WARNING, "%s; the next command tries again",
				  why.msg);
	return r;
}

/**
 * vnm_driver_recover_firewall() - complete or roll back a change of the back end that was interrupted
 * @drv: the driver, after the recovery of networks
 *
 * A failure is a warning, and the next command tries again.
 */
void vnm_driver_recover_firewall(struct vnm_driver *drv)
{
	struct move move __attribute__((cleanup(move_clear))) = { 0 };
	struct vnm_fw_record record;
	struct vnm_error err = { 0 };
	int64_t since = vnm_now_ms();
	int r;

	if (vnm_fw_record_read(drv->run_fd, &record) < 0 || record.leftover == VNM_FW_RECORD_NONE)
		return;
	vnm_driver_report(drv, VNM_REPORT_WARNING,
			  "an earlier command was interrupted while it changed the firewall back "
			  "end; it is %s, and the rules in %s are removed",
			  vnm_enum_name(&vnm_enum_fw_backend, (int)record.backend),
			  vnm_enum_name(&vnm_enum_fw_backend, (int)record.leftover));
	r = read_all(drv, &move, &err);
	if (r == 0)
		r = finish(drv, &move, record.leftover, &err);
	if (r < 0)
		vnm_driver_report(drv, VNM_REPORT_WARNING, "%s; the next command tries again",
				  err.msg);
	vnm_driver_log(drv, VNM_LOG_RECOVERY, NULL,
		       "an earlier command was interrupted while it changed the firewall back end",
		       since, r < 0 ? &err : NULL);
}
