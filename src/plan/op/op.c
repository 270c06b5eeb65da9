/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op.c - the kinds of operations, and plans; see op.h. */
#include "plan/op/op.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>

#include "plan/op/op_kind.h"
#include "util/buf.h"
#include "util/mem.h"

#define ROW(KIND, name) [VNM_OP_##KIND] = &vnm_op_kind_##name,
static const struct vnm_op_kind *const kinds[] = { VNM_OP_KINDS(ROW) };
static_assert(VNM_ARRAY_SIZE(kinds) == VNM_OP_COUNT, "every kind of operation has its row");

/** vnm_op_kind() - the row of a kind of operation. */
const struct vnm_op_kind *vnm_op_kind(enum vnm_op_type type)
{
	return kinds[type];
}

/** vnm_op_type_name() - the name of a kind of operation, with which its text begins. */
const char *vnm_op_type_name(enum vnm_op_type type)
{
	return kinds[type]->name;
}

/** vnm_op_has() - has an operation's kind a flag? */
bool vnm_op_has(const struct vnm_op *op, enum vnm_op_flag flag)
{
	return kinds[op->type]->flags & flag;
}

/** vnm_op_device() - the device that an operation creates or requires. Return: its name; NULL: there is none. */
const char *vnm_op_device(const struct vnm_op *op)
{
	const size_t at = kinds[op->type]->device;

	return at ? *(char *const *)((const char *)op + at) : NULL;
}

/** vnm_op_netns() - the guest's namespace in which an operation takes effect; NULL: ours. */
const struct vnm_op_netns *vnm_op_netns(const struct vnm_op *op)
{
	const size_t at = kinds[op->type]->netns;
	const struct vnm_op_netns *ns = (const void *)((const char *)op + at);

	return at && ns->path ? ns : NULL;
}

/** vnm_op_copy() - a copy, allocated; vnm_op_clear() and free() end it */
struct vnm_op *vnm_op_copy(const struct vnm_op *op)
{
	struct vnm_op *copy = vnm_alloc(sizeof(*copy));

	*copy = *op;
	for (const struct vnm_op_field *f = kinds[op->type]->fields; f->key; f++) {
		char **at = (char **)((char *)copy + f->offset);

		if (f->type == VNM_VALUE_STRING)
			*at = *at ? vnm_strdup(*at) : NULL;
	}
	return copy;
}

/**
 * vnm_op_clear() - free what an operation holds
 * @op: becomes all zero
 */
void vnm_op_clear(struct vnm_op *op)
{
	for (const struct vnm_op_field *f = kinds[op->type]->fields; f->key; f++)
		if (f->type == VNM_VALUE_STRING)
			free(*(char **)((char *)op + f->offset));
	*op = (struct vnm_op){ 0 };
}

/**
 * vnm_plan_add() - append an operation to a plan
 * @plan: the plan
 * @type: the operation's kind
 *
 * Return: the operation, all zero but for its kind; valid until the next one is added.
 */
struct vnm_op *vnm_plan_add(struct vnm_plan *plan, enum vnm_op_type type)
{
	struct vnm_op *op;

	plan->ops = vnm_array_add(plan->ops, &plan->n, sizeof(*plan->ops));
	op = &plan->ops[plan->n - 1];
	*op = (struct vnm_op){ .type = type };
	return op;
}

/**
 * vnm_plan_add_sysctl() - append the setting of a value below /proc/sys
 * @plan:  the plan
 * @value: the value
 * @fmt:   as for printf: the path
 *
 * Return: the operation, so that a namespace can be set; valid until the next one is added.
 */
struct vnm_op_sysctl *vnm_plan_add_sysctl(struct vnm_plan *plan, const char *value, const char *fmt,
					  ...)
{
	struct vnm_op_sysctl *sysctl = &vnm_plan_add(plan, VNM_OP_SYSCTL)->sysctl;
	vnm_autobuf struct vnm_buf path = { 0 };
	va_list ap;

	va_start(ap, fmt);
	vnm_buf_vprintf(&path, fmt, ap);
	va_end(ap);
	sysctl->path = vnm_buf_steal(&path);
	sysctl->value = vnm_strdup(value);
	return sysctl;
}

/** vnm_plan_find() - the first operation of a kind; NULL: none. */
const struct vnm_op *vnm_plan_find(const struct vnm_plan *plan, enum vnm_op_type type)
{
	for (size_t i = 0; i < plan->n; i++)
		if (plan->ops[i].type == type)
			return &plan->ops[i];
	return NULL;
}

/**
 * vnm_plan_clear() - free a plan's operations
 * @plan: becomes empty
 */
void vnm_plan_clear(struct vnm_plan *plan)
{
	for (size_t i = 0; i < plan->n; i++)
		vnm_op_clear(&plan->ops[i]);
	free(plan->ops);
	*plan = (struct vnm_plan){ 0 };
}
