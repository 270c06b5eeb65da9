/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exec_change.c - changes an active network from one plan to another.
 *
 * What is new is added before what is old is removed, so that guests are never without; rules are replaced in one
 * commit. Every step checks first whether it is done already, so the same steps finish an interrupted change,
 * and those of the opposite change revert it.
 */
#include "run/exec_change.h"

#include "sys/op_impl.h"
#include "sys/link/seen.h"
#include "sys/ops.h"
#include "util/mem.h"

static int revert_op(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_impl *impl = vnm_op_impls[op->type];
	int r;

	if (impl->revert)
		r = impl->revert(sys, op, err);
	else
		r = impl->revert_many(sys, &op, 1, err);
	if (r == 0 && impl->wait_gone)
		r = impl->wait_gone(sys, op, err);
	return r;
}

static int apply_op(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_impl *impl = vnm_op_impls[op->type];
	enum vnm_presence presence;
	int r = impl->check(sys, op, &presence, err);

	if (r < 0 || presence == VNM_PRESENT)
		return r;
	if (impl->prepare)
		r = impl->prepare(sys, op, err);
	if (r == 0)
		r = impl->apply ? impl->apply(sys, op, err) : impl->apply_many(sys, &op, 1, err);
	if (r == 0 && impl->wait_ready)
		r = impl->wait_ready(sys, op, err);
	return r;
}

static int change_op(struct vnm_sys *sys, const struct vnm_step *step, struct vnm_error *err)
{
	const struct vnm_op_impl *impl = vnm_op_impls[step->new->type];
	int r;

	if (step->how == VNM_STEP_CHANGE && impl->change) {
		r = impl->change(sys, step->old, step->new, err);
		return r < 0 ? r : apply_op(sys, step->new, err);
	}
	r = revert_op(sys, step->old, err);
	return r < 0 ? r : apply_op(sys, step->new, err);
}

static int do_step(struct vnm_sys *sys, const struct vnm_step *step, struct vnm_error *err)
{
	switch (step->how) {
	case VNM_STEP_ADD: return apply_op(sys, step->new, err);
	case VNM_STEP_REMOVE: return revert_op(sys, step->old, err);
	case VNM_STEP_CHANGE:
	case VNM_STEP_RESTART: break;
	}
	return change_op(sys, step, err);
}

static bool is_rule(const struct vnm_step *step)
{
	return (step->new ? step->new : step->old)->type == VNM_OP_RULE;
}

/* Does the kernel support the new rules? A failed commit would not report what is missing. */
static int prepare_rules(struct vnm_sys *sys, const struct vnm_diff *diff, struct vnm_error *err)
{
	const struct vnm_op_impl *impl = vnm_op_impls[VNM_OP_RULE];
	int r = 0;

	for (size_t i = 0; impl->prepare && i < diff->n && r == 0; i++)
		if (diff->steps[i].new &&is_rule(&diff->steps[i]))
			r = impl->prepare(sys, diff->steps[i].new, err);
	return r;
}

/* All rules of the new plan, since their order counts. */
static int change_rules(struct vnm_sys *sys, const struct vnm_diff *diff,
			const struct vnm_plan *new, struct vnm_error *err)
{
	vnm_autofree const struct vnm_op **gone = NULL, **ops = NULL;
	size_t n_gone = 0, n = 0, n_steps = 0;
	int r = prepare_rules(sys, diff, err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < diff->n; i++) {
		const struct vnm_step *step = &diff->steps[i];

		n_steps += is_rule(step);
		if (!is_rule(step) || step->how != VNM_STEP_REMOVE)
			continue;
		gone = vnm_array_add(gone, &n_gone, sizeof(*gone));
		gone[n_gone - 1] = step->old;
	}
	for (size_t i = 0; i < new->n; i++) {
		if (new->ops[i].type != VNM_OP_RULE)
			continue;
		ops = vnm_array_add(ops, &n, sizeof(*ops));
		ops[n - 1] = &new->ops[i];
	}
	if (n_steps == 0)
		return 0;
	return vnm_op_impls[VNM_OP_RULE]->replace_many(sys, gone, n_gone, ops, n, err);
}

/* The kernel removes routes along with addresses, so all are checked once more. */
static int restore_gone(struct vnm_sys *sys, const struct vnm_plan *new, struct vnm_error *err)
{
	int r = 0;

	for (size_t i = 0; i < new->n &&r == 0; i++)
		if (vnm_op_has(&new->ops[i], VNM_OPF_GONE_WITH_ADDRESS))
			r = apply_op(sys, &new->ops[i], err);
	return r;
}

/* Removes what rules guard, before those rules. */
static int remove_guarded(struct vnm_sys *sys, const struct vnm_diff *diff, struct vnm_error *err)
{
	int r = 0;

	for (size_t i = 0; i < diff->n && r == 0; i++)
		if (diff->steps[i].how == VNM_STEP_REMOVE &&
		    vnm_op_has(diff->steps[i].old, VNM_OPF_GUARDED_BY_RULES))
			r = do_step(sys, &diff->steps[i], err);
	return r;
}

/**
 * vnm_exec_change_prepare() - check that a change can be applied. Changes nothing.
 * @sys:  the handles
 * @diff: the differences
 * @err:  the obstacle
 *
 * Return: 0 or -errno.
 */
int vnm_exec_change_prepare(struct vnm_sys *sys, const struct vnm_diff *diff, struct vnm_error *err)
{
	int r = prepare_rules(sys, diff, err);

	for (size_t i = 0; i < diff->n && r == 0; i++) {
		const struct vnm_step *step = &diff->steps[i];
		const struct vnm_op_impl *impl =
			vnm_op_impls[(step->new ? step->new : step->old)->type];

		if (step->new && !is_rule(step) && impl->prepare &&
		    (step->how == VNM_STEP_ADD || vnm_op_has(step->new, VNM_OPF_PREPARE_CHANGE)))
			r = impl->prepare(sys, step->new, err);
	}
	return r;
}

/**
 * vnm_exec_change() - change an active network from one plan to another
 * @sys:  the handles
 * @diff: the differences, without an obstacle
 * @new:  the new plan
 * @err:  the first failure; what was done until then stays, and the opposite change reverts it
 *
 * Return: 0 or -errno.
 */
int vnm_exec_change(struct vnm_sys *sys, const struct vnm_diff *diff, const struct vnm_plan *new,
		    struct vnm_error *err)
{
	bool addresses = false, rules = false;
	int r;

	vnm_devices_forget(sys);
	r = remove_guarded(sys, diff, err);
	for (size_t i = 0; i < diff->n && r == 0; i++) {
		const struct vnm_step *step = &diff->steps[i];
		const struct vnm_op *op = step->new ? step->new : step->old;

		addresses |= vnm_op_has(op, VNM_OPF_GONE_WITH_ADDRESS);
		/* Along with the first step of a later kind. */
		if (!rules && (op->type >= VNM_OP_RULE || step->how == VNM_STEP_REMOVE)) {
			rules = true;
			r = change_rules(sys, diff, new, err);
		}
		if (r == 0 && !is_rule(step))
			r = do_step(sys, step, err);
	}
	return r == 0 && addresses ? restore_gone(sys, new, err) : r;
}
