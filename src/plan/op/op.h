/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op.h - operations by their kinds, and plans: lists of operations. */
#ifndef VNM_PLAN_OP_H
#define VNM_PLAN_OP_H

#include "plan/firewall/fw_backend.h"
#include "plan/op/op_types.h"

/** struct vnm_plan - the operations that bring one network up, in order. @firewall: the back end of its rules */
struct vnm_plan {
	struct vnm_op *ops;
	size_t n;
	enum vnm_fw_backend firewall;
};

struct vnm_op *vnm_plan_add(struct vnm_plan *plan, enum vnm_op_type type);
struct vnm_op_sysctl *vnm_plan_add_sysctl(struct vnm_plan *plan, const char *value, const char *fmt,
					  ...) __attribute__((format(printf, 3, 4)));
const struct vnm_op *vnm_plan_find(const struct vnm_plan *plan, enum vnm_op_type type);
void vnm_plan_clear(struct vnm_plan *plan);

const struct vnm_op_kind *vnm_op_kind(enum vnm_op_type type);
const char *vnm_op_type_name(enum vnm_op_type type);
bool vnm_op_has(const struct vnm_op *op, enum vnm_op_flag flag);
const char *vnm_op_device(const struct vnm_op *op);			/* NULL: none */
const struct vnm_op_netns *vnm_op_netns(const struct vnm_op *op);	/* NULL: here */
struct vnm_op *vnm_op_copy(const struct vnm_op *op);
void vnm_op_clear(struct vnm_op *op);

#define vnm_autoplan __attribute__((cleanup(vnm_plan_clear)))

#endif
