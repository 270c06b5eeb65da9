/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_print.c - operations for people; see op_print.h. */
#include "plan/op/op_print.h"

#include "plan/op/op_kind.h"

/**
 * vnm_op_describe() - name what an operation makes, in a few words for a message
 * @op:  the operation
 * @out: gets for example "bridge keenbr0" or "address 192.0.2.1/24 on keenbr0"
 */
void vnm_op_describe(const struct vnm_op *op, struct vnm_buf *out)
{
	vnm_op_kind(op->type)->describe(op, out);
}

static void print_op(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	const struct vnm_op_netns *ns = vnm_op_netns(op);

	if (ns && revert)
		return; /* it goes with the device */
	if (ns)
		vnm_buf_printf(out, "nsenter --net=%s ", ns->path);
	vnm_op_kind(op->type)->commands(op, revert, out);
}

/**
 * vnm_plan_print() - show a plan as the commands that would do the same, where there are such
 * @plan:   the plan
 * @revert: show what stopping the network reverts, in that order
 * @out:    gets the lines
 */
void vnm_plan_print(const struct vnm_plan *plan, bool revert, struct vnm_buf *out)
{
	for (size_t i = 0; i < plan->n; i++)
		print_op(&plan->ops[revert ? plan->n - 1 - i : i], revert, out);
}
