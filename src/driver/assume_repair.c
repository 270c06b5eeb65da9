/* SPDX-License-Identifier: GPL-2.0-or-later */
/* assume_repair.c - what a network still lacks after what a dry run has assumed; see state/assume.h. */
#include "driver/assume_repair.h"

#include <string.h>

#include "plan/op/diff.h"
#include "plan/op/op_text.h"
#include "state/assume.h"
#include "state/session.h"

/* Would a change make it? A change checks addresses and routes once more at its end. */
static bool is_changed(const struct vnm_diff *diff, const struct vnm_op *op)
{
	const bool routed = vnm_op_has(op, VNM_OPF_GONE_WITH_ADDRESS);

	for (size_t i = 0; i < diff->n; i++) {
		const struct vnm_op *old = diff->steps[i].old, *new = diff->steps[i].new;
		const enum vnm_op_type type = new ? new->type : old->type;
		vnm_autobuf struct vnm_buf a = { 0 }, b = { 0 };

		if (op->type == VNM_OP_RULE && type == VNM_OP_RULE)
			return true;
		if (routed && vnm_op_has(new ? new : old, VNM_OPF_GONE_WITH_ADDRESS))
			return true;
		if (!new || new->type != op->type)
			continue;
		vnm_op_format(op, &a);
		vnm_op_format(new, &b);
		if (!strcmp(vnm_buf_str(&a), vnm_buf_str(&b)))
			return true;
	}
	return false;
}

/**
 * vnm_driver_leave_assumed() - drop findings that the dry run has repaired already
 * @drv:    the driver
 * @name:   the network
 * @health: the findings, compared with the assumed plan; the rest stays
 * @err:    set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_driver_leave_assumed(struct vnm_driver *drv, const char *name, struct vnm_health *health,
			     struct vnm_error *err)
{
	vnm_autojournal struct vnm_journal from = { 0 }, to = { 0 };
	vnm_autodiff struct vnm_diff diff = { 0 };
	const bool whole = vnm_driver_assumes_repaired(drv, name);
	bool rules = false;
	size_t n = 0;
	int r = 0;

	if (!whole && vnm_driver_assumes_plan(drv, name))
		r = vnm_driver_assumed_diff(drv, name, &from, &to, &diff, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < diff.n; i++)
		rules |= (diff.steps[i].new ? diff.steps[i].new : diff.steps[i].old)->type ==
			 VNM_OP_RULE;
	for (size_t i = 0; i < health->n_missing && !whole; i++)
		if (!is_changed(&diff, health->missing[i].op))
			health->missing[n++] = health->missing[i];
	health->n_missing = n;
	if (whole || rules)
		vnm_warnings_clear(&health->found.faults);
	if (whole) {
		vnm_warnings_clear(&health->guests);
		vnm_warnings_clear(&health->guests_mended);
	}
	return 0;
}
