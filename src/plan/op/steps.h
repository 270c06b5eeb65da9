/* SPDX-License-Identifier: GPL-2.0-or-later */
/* steps.h - the steps of a dry run, as data and as text. Pure. */
#ifndef VNM_PLAN_STEPS_H
#define VNM_PLAN_STEPS_H

#include "plan/op/diff.h"
#include "plan/op/op.h"
#include "util/buf.h"

/**
 * struct vnm_dry_step - one step of a dry run
 * @how:    what would be done
 * @kind:   of what: an operation's kind, or "definition", "guest", "lease", "note"; a constant
 * @object: names it, for messages: "bridge virbr0"
 * @old:    the operation before, @new: after; NULL: none, or what no operation describes
 * @text:   the lines that --dry-run prints; "": none
 */
struct vnm_dry_step {
	enum vnm_step_how how;
	const char *kind;
	char *object;
	struct vnm_op *old, *new;
	char *text;
};

/** struct vnm_steps - zero-initialise; free with vnm_steps_clear(). */
struct vnm_steps {
	struct vnm_dry_step *items;
	size_t n;
};

void vnm_steps_add_plan(struct vnm_steps *steps, const struct vnm_plan *plan, bool revert);
void vnm_steps_add_diff(struct vnm_steps *steps, const struct vnm_diff *diff);
void vnm_steps_add(struct vnm_steps *steps, enum vnm_step_how how, const char *kind,
		   const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void vnm_steps_note(struct vnm_steps *steps, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void vnm_steps_move(struct vnm_steps *steps, struct vnm_steps *from);
void vnm_steps_print(const struct vnm_steps *steps, struct vnm_buf *out);
void vnm_steps_clear(struct vnm_steps *steps);

#define vnm_autosteps __attribute__((cleanup(vnm_steps_clear)))

#endif
