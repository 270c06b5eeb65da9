/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * steps.c - the steps of a dry run.
 *
 * A step has its text beside its data: whole plans are shown as commands, the differences of two plans as one line for each
 * object, and what no operation describes (a lease, a definition) as a line, too.
 */
#include "plan/op/steps.h"

#include <stdlib.h>

#include "plan/op/op_kind.h"
#include "plan/op/op_print.h"
#include "plan/op/rules_print.h"
#include "util/mem.h"

static struct vnm_dry_step *add_step(struct vnm_steps *steps, enum vnm_step_how how,
				     const char *kind)
{
	struct vnm_dry_step *step;

	steps->items = vnm_array_add(steps->items, &steps->n, sizeof(*steps->items));
	step = &steps->items[steps->n - 1];
	*step = (struct vnm_dry_step){ .how = how, .kind = kind };
	return step;
}

static char *object_of(const struct vnm_op *op)
{
	struct vnm_buf text = { 0 };

	vnm_op_describe(op, &text);
	return vnm_buf_steal(&text);
}

/* @text: moves to the step */
static void add_op(struct vnm_steps *steps, const struct vnm_op *op, bool revert,
		   struct vnm_buf *text)
{
	struct vnm_dry_step *step;

	step = add_step(steps, revert ? VNM_STEP_REMOVE : VNM_STEP_ADD, vnm_op_type_name(op->type));
	step->object = object_of(op);
	*(revert ? &step->old : &step->new) = vnm_op_copy(op);
	step->text = vnm_buf_steal(text);
}

/**
 * vnm_steps_add_plan() - add all operations of a plan, with the commands that they are equivalent to
 * @steps:  the steps
 * @plan:   the plan; copied
 * @revert: what stopping the network reverts, in that order
 */
void vnm_steps_add_plan(struct vnm_steps *steps, const struct vnm_plan *plan, bool revert)
{
	vnm_autobuf struct vnm_buf rules = { 0 };
	const bool together = vnm_rules_print(plan, revert, &rules);

	for (size_t i = 0; i < plan->n; i++) {
		const struct vnm_op *op = &plan->ops[revert ? plan->n - 1 - i : i];
		vnm_autobuf struct vnm_buf text = { 0 };

		/* Their text is the first one's; the others are steps without. */
		if (together && op->type == VNM_OP_RULE) {
			add_op(steps, op, revert, &rules);
			continue;
		}
		vnm_op_print(op, revert, &text);
		/* Reverting prints nothing for what disappears with its device, which is no step then. */
		if (!revert || text.len > 0)
			add_op(steps, op, revert, &text);
	}
}

/**
 * vnm_steps_add_diff() - add the differences of two plans
 * @steps: the steps
 * @diff:  the differences; copied
 */
void vnm_steps_add_diff(struct vnm_steps *steps, const struct vnm_diff *diff)
{
	for (size_t i = 0; i < diff->n; i++) {
		const struct vnm_step *from = &diff->steps[i];
		const struct vnm_op *op = from->new ? from->new : from->old;
		struct vnm_dry_step *step = add_step(steps, from->how, vnm_op_type_name(op->type));
		struct vnm_buf text = { 0 };

		vnm_step_print(from, &text);
		step->object = object_of(op);
		step->old = from->old ? vnm_op_copy(from->old) : NULL;
		step->new = from->new ? vnm_op_copy(from->new) : NULL;
		step->text = vnm_buf_steal(&text);
	}
}

static void add_line(struct vnm_dry_step *step, char mark, const char *fmt, va_list ap)
	__attribute__((format(printf, 3, 0)));

static void add_line(struct vnm_dry_step *step, char mark, const char *fmt, va_list ap)
{
	struct vnm_buf object = { 0 };

	vnm_buf_vprintf(&object, fmt, ap);
	step->object = vnm_buf_steal(&object);
	step->text = vnm_asprintf("%c %s\n", mark, step->object);
}

/**
 * vnm_steps_add() - add a step that no operation describes
 * @steps: the steps
 * @how:   what would be done
 * @kind:  as in struct vnm_dry_step
 * @fmt:   as for printf: the object
 */
void vnm_steps_add(struct vnm_steps *steps, enum vnm_step_how how, const char *kind,
		   const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_line(add_step(steps, how, kind), vnm_step_mark(how), fmt, ap);
	va_end(ap);
}

/** vnm_steps_note() - add a remark on the steps before it; @fmt: as for printf, one line without its newline */
void vnm_steps_note(struct vnm_steps *steps, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_line(add_step(steps, VNM_STEP_CHANGE, "note"), '#', fmt, ap);
	va_end(ap);
}

/** vnm_steps_move() - append the steps of @from, which becomes empty */
void vnm_steps_move(struct vnm_steps *steps, struct vnm_steps *from)
{
	for (size_t i = 0; i < from->n; i++)
		*add_step(steps, VNM_STEP_ADD, "") = from->items[i];
	free(from->items);
	*from = (struct vnm_steps){ 0 };
}

/** vnm_steps_print() - the text of all steps, as --dry-run prints it */
void vnm_steps_print(const struct vnm_steps *steps, struct vnm_buf *out)
{
	for (size_t i = 0; i < steps->n; i++)
		vnm_buf_add(out, steps->items[i].text);
}

static void free_op(struct vnm_op *op)
{
	if (op)
		vnm_op_clear(op);
	free(op);
}

/** vnm_steps_clear() - free all steps; @steps becomes empty */
void vnm_steps_clear(struct vnm_steps *steps)
{
	for (size_t i = 0; i < steps->n; i++) {
		free(steps->items[i].object);
		free_op(steps->items[i].old);
		free_op(steps->items[i].new);
		free(steps->items[i].text);
	}
	free(steps->items);
	*steps = (struct vnm_steps){ 0 };
}
