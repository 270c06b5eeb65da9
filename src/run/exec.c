/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exec.c - carries plans out; see exec.h. Which operation does what is in sys/ops.c. */
#include "run/exec.h"

#include <stdlib.h>
#include <string.h>

#include "sys/link/seen.h"
#include "sys/ops.h"
#include "sys/progress.h"
#include "util/mem.h"

/* The operations of one kind, of all jobs that have not failed: ops[i] belongs to jobs[owner[i]]. */
struct batch {
	const struct vnm_op **ops;
	size_t *owner;
	size_t n;
};

static void batch_clear(struct batch *batch)
{
	free(batch->ops);
	free(batch->owner);
	*batch = (struct batch){ 0 };
}

static void batch_add(struct batch *batch, const struct vnm_op *op, size_t owner)
{
	size_t n = batch->n;

	batch->ops = vnm_array_add(batch->ops, &n, sizeof(*batch->ops));
	batch->owner = vnm_array_add(batch->owner, &batch->n, sizeof(*batch->owner));
	batch->ops[batch->n - 1] = op;
	batch->owner[batch->n - 1] = owner;
}

static void batch_collect(struct batch *batch, const struct vnm_job *jobs, size_t n,
			  enum vnm_op_type type, bool with_failed)
{
	for (size_t j = 0; j < n; j++) {
		if (jobs[j].failed && !with_failed)
			continue;
		for (size_t i = 0; i < jobs[j].plan.n; i++)
			if (jobs[j].plan.ops[i].type == type)
				batch_add(batch, &jobs[j].plan.ops[i], j);
	}
}

/* Only the first error of a job is reported. */
static void job_fail(struct vnm_job *job, const struct vnm_error *err)
{
	if (job->failed)
		return;
	job->failed = true;
	job->err = *err;
}

/** struct tally - how far all jobs have come: in operations; NULL for what takes no time. */
struct tally {
	size_t done, total;
};

static struct tally tally_of(const struct vnm_job *jobs, size_t n)
{
	struct tally tally = { 0 };

	for (size_t i = 0; i < n; i++)
		tally.total += jobs[i].plan.n;
	return tally;
}

static void report_progress(struct vnm_sys *sys, struct tally *tally, const struct vnm_job *job,
			    const struct vnm_op *op, size_t n)
{
	if (!tally)
		return;
	tally->done += n;
	vnm_sys_progress(sys, false, "network %s: %s, step %zu of %zu", job->name,
			 vnm_op_type_name(op->type), tally->done, tally->total);
}

typedef int one_fn(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err);

typedef int many_fn(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n,
		    struct vnm_error *err);

/* One by one. @go_on: a failed job's other operations are still tried (revert), else they are skipped. */
static void run_each(struct vnm_sys *sys, one_fn *fn, const struct batch *batch,
		     struct vnm_job *jobs, bool go_on, struct tally *tally)
{
	for (size_t i = 0; i < batch->n; i++) {
		struct vnm_job *job = &jobs[batch->owner[i]];
		struct vnm_error err = { 0 };

		report_progress(sys, tally, job, batch->ops[i], 1);
		if (job->failed && !go_on)
			continue;
		if (fn(sys, batch->ops[i], &err) < 0)
			job_fail(job, &err);
	}
}

/* All at once; if that fails with several networks, each by itself, to find the one that fails. */
static void run_many(struct vnm_sys *sys, many_fn *fn, const struct batch *batch,
		     struct vnm_job *jobs)
{
	struct vnm_error err = { 0 };

	if (fn(sys, batch->ops, batch->n, &err) == 0)
		return;
	if (batch->owner[0] == batch->owner[batch->n - 1]) {
		job_fail(&jobs[batch->owner[0]], &err);
		return;
	}
	for (size_t first = 0, last; first < batch->n; first = last) {
		for (last = first; last < batch->n && batch->owner[last] == batch->owner[first];
		     last++)
			;
		err = (struct vnm_error){ 0 };
		if (fn(sys, batch->ops + first, last - first, &err) < 0)
			job_fail(&jobs[batch->owner[first]], &err);
	}
}

/** enum phase - what is done with operations; applying and reverting are reported, preparing and waiting are not. */
enum phase { PREPARE, APPLY, REVERT, WAIT };

static void report_batch(struct vnm_sys *sys, const struct batch *batch, enum phase phase)
{
	for (size_t i = 0; sys->step && (phase == APPLY || phase == REVERT) && i < batch->n; i++)
		sys->step(sys->step_data, batch->ops[i], phase == REVERT);
}

static void run_kind(struct vnm_sys *sys, one_fn *one, many_fn *many, struct vnm_job *jobs,
		     size_t n, enum vnm_op_type type, enum phase phase, struct tally *tally)
{
	bool go_on = phase == REVERT || phase == WAIT;
	struct batch batch __attribute__((cleanup(batch_clear))) = { 0 };

	if (!one && !many)
		return;
	batch_collect(&batch, jobs, n, type, go_on);
	if (batch.n == 0)
		return;
	report_batch(sys, &batch, phase);
	if (many) {
		report_progress(sys, tally, &jobs[batch.owner[0]], batch.ops[0], batch.n);
		run_many(sys, many, &batch, jobs);
	} else {
		run_each(sys, one, &batch, jobs, go_on, tally);
	}
}

/**
 * vnm_exec_prepare() - check that the operations can be applied. Changes nothing.
 * @sys:  the handles
 * @jobs: the networks; those that cannot be applied are marked failed
 * @n:    how many
 */
void vnm_exec_prepare(struct vnm_sys *sys, struct vnm_job *jobs, size_t n)
{
	for (int type = 0; type < VNM_OP_COUNT; type++)
		run_kind(sys, vnm_op_impls[type]->prepare, NULL, jobs, n, (enum vnm_op_type)type,
			 PREPARE, NULL);
}

/**
 * vnm_exec_apply() - bring networks up
 * @sys:  the handles
 * @jobs: the networks, whose journals are written; those that fail are marked, and what was applied of them
 *        stays until the caller reverts it with vnm_exec_revert()
 * @n:    how many
 */
void vnm_exec_apply(struct vnm_sys *sys, struct vnm_job *jobs, size_t n)
{
	struct tally tally = tally_of(jobs, n);

	if (tally.total > 0)
		vnm_devices_forget(sys);
	for (int type = 0; type < VNM_OP_COUNT; type++) {
		const struct vnm_op_impl *impl = vnm_op_impls[type];

		run_kind(sys, impl->apply, impl->apply_many, jobs, n, (enum vnm_op_type)type, APPLY,
			 &tally);
		run_kind(sys, impl->wait_ready, NULL, jobs, n, (enum vnm_op_type)type, PREPARE,
			 NULL);
	}
}

/**
 * vnm_exec_revert() - tear networks down
 * @sys:  the handles; @sys->last_one: remove shared things as well
 * @jobs: the networks; every operation of each is reverted even if one of them fails (then marked failed)
 * @n:    how many
 *
 * Waiting for processes to end comes last, so that it overlaps with the kernel's work.
 */
void vnm_exec_revert(struct vnm_sys *sys, struct vnm_job *jobs, size_t n)
{
	struct tally tally = tally_of(jobs, n);

	if (tally.total > 0)
		vnm_devices_forget(sys);
	for (int type = VNM_OP_COUNT - 1; type >= 0; type--)
		run_kind(sys, vnm_op_impls[type]->revert, vnm_op_impls[type]->revert_many, jobs, n,
			 (enum vnm_op_type)type, REVERT, &tally);
	for (int type = VNM_OP_COUNT - 1; type >= 0; type--)
		run_kind(sys, vnm_op_impls[type]->wait_gone, NULL, jobs, n, (enum vnm_op_type)type,
			 WAIT, NULL);
}

/**
 * vnm_exec_check() - compare a plan with the system
 * @sys:   the handles
 * @plan:  what should be there
 * @ret:   the operations that are absent or foreign, in the plan's order; they point into @plan; free()
 * @ret_n: how many
 * @err:   set when something could not be read
 *
 * Return: 0 or -errno.
 */
int vnm_exec_check(struct vnm_sys *sys, const struct vnm_plan *plan, struct vnm_missing **ret,
		   size_t *ret_n, struct vnm_error *err)
{
	vnm_autofree struct vnm_missing *missing = NULL;
	size_t n = 0;

	for (size_t i = 0; i < plan->n; i++) {
		const struct vnm_op *op = &plan->ops[i];
		enum vnm_presence presence = VNM_PRESENT;
		int r;

		if (op->type == VNM_OP_RULE && sys->rules_right)
			continue;
		*sys->why = '\0';
		r = vnm_op_impls[op->type]->check(sys, op, &presence, err);
		if (r < 0)
			return r;
		if (presence == VNM_PRESENT)
			continue;
		missing = vnm_array_add(missing, &n, sizeof(*missing));
		missing[n - 1] = (struct vnm_missing){ op, presence, "" };
		memcpy(missing[n - 1].why, sys->why, sizeof(sys->why));
	}
	*ret = vnm_steal(&missing);
	*ret_n = n;
	return 0;
}

/* Runs one plan as a job of its own. */
static int run_one(void (*run)(struct vnm_sys *, struct vnm_job *, size_t), struct vnm_sys *sys,
		   const char *name, const struct vnm_plan *plan, struct vnm_error *err)
{
	struct vnm_job job = { .name = name, .plan = *plan };

	run(sys, &job, 1);
	if (!job.failed)
		return 0;
	*err = job.err;
	return vnm_error_errno(err);
}

/** vnm_exec_prepare_plan() - vnm_exec_prepare() of one plan, of @name. Return: 0 or -errno. */
int vnm_exec_prepare_plan(struct vnm_sys *sys, const char *name, const struct vnm_plan *plan,
			  struct vnm_error *err)
{
	return run_one(vnm_exec_prepare, sys, name, plan, err);
}

/** vnm_exec_apply_plan() - vnm_exec_apply() of one plan, of @name; after a failure parts of it may be applied. Return: 0 or -errno. */
int vnm_exec_apply_plan(struct vnm_sys *sys, const char *name, const struct vnm_plan *plan,
			struct vnm_error *err)
{
	return run_one(vnm_exec_apply, sys, name, plan, err);
}

/** vnm_exec_revert_plan() - vnm_exec_revert() of one plan, of @name. Return: 0 or -errno. */
int vnm_exec_revert_plan(struct vnm_sys *sys, const char *name, const struct vnm_plan *plan,
			 struct vnm_error *err)
{
	return run_one(vnm_exec_revert, sys, name, plan, err);
}

/** vnm_jobs_free() - free jobs and their plans. */
void vnm_jobs_free(struct vnm_job *jobs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		vnm_plan_clear(&jobs[i].plan);
	free(jobs);
}
