/* SPDX-License-Identifier: GPL-2.0-or-later */
/* diff.h - the steps from one plan to another: the work of a live update. Pure. */
#ifndef VNM_PLAN_DIFF_H
#define VNM_PLAN_DIFF_H

#include "plan/op/op.h"
#include "util/buf.h"

/** enum vnm_step_how - VNM_STEP_RESTART: reverted, then applied, with the time in between. */
enum vnm_step_how { VNM_STEP_ADD, VNM_STEP_REMOVE, VNM_STEP_CHANGE, VNM_STEP_RESTART };

/** struct vnm_step - one difference. @old is NULL for what is added, @new for what is removed. */
struct vnm_step {
	enum vnm_step_how how;
	const struct vnm_op *old, *new;
};

/**
 * struct vnm_diff - the differences; the operations belong to the plans, which must outlive it.
 * @steps:    in the order of the new plan, then what is removed, in the reverse order of the old one
 * @obstacle: the operation that cannot be changed while the network is active, NULL when all can
 */
struct vnm_diff {
	struct vnm_step *steps;
	size_t n;
	const struct vnm_op *obstacle;
};

void vnm_diff_plans(const struct vnm_plan *old, const struct vnm_plan *new, struct vnm_diff *ret);
char vnm_step_mark(enum vnm_step_how how);
void vnm_step_print(const struct vnm_step *step, struct vnm_buf *out);
void vnm_diff_print(const struct vnm_diff *diff, struct vnm_buf *out);
void vnm_diff_describe(const struct vnm_diff *diff, struct vnm_buf *out);
void vnm_diff_clear(struct vnm_diff *diff);

#define vnm_autodiff __attribute__((cleanup(vnm_diff_clear)))

#endif
