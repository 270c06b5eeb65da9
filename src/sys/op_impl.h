/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_impl.h - the interface that every kind of operation implements. */
#ifndef VNM_SYS_OP_IMPL_H
#define VNM_SYS_OP_IMPL_H

#include "sys/sys.h"

/** enum vnm_presence - what vnm_op_impl.check found. */
enum vnm_presence {
	VNM_PRESENT,
	VNM_ABSENT,
	VNM_FOREIGN,	/* an object of that name exists, but not ours */
	VNM_PRESENCE_COUNT
};

/**
 * struct vnm_op_impl - one kind's implementation.
 * @prepare: reads only; fails when the operation cannot work here (NULL: nothing to check)
 * @apply:   all or nothing; fails with VNM_ERR_FOREIGN when the object exists and is not ours
 * @wait_ready:  waits until what @apply started is ready (NULL: it is when @apply returns)
 * @check:   reads the system; a negative return is an error, not an answer
 * @revert:  idempotent: absent is success, foreign is left alone
 * @wait_gone: waits until what @revert ended is gone (NULL: it is when @revert returns)
 * @change:  changes @old into @new, the same object, in place; idempotent (NULL: @old is reverted and @new applied)
 *
 * @apply_many/@revert_many, where present, do several operations of the kind in one step, all or nothing;
 * the executor then never calls @apply/@revert. @apply_many is idempotent, and restores the order of
 * operations that depend on it. @replace_many reverts @gone and applies @ops in one step.
 */
struct vnm_op_impl {
	int (*prepare)(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err);
	int (*apply)(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err);
	int (*apply_many)(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n,
			  struct vnm_error *err);
	int (*wait_ready)(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err);
	int (*check)(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
		     struct vnm_error *err);
	int (*revert)(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err);
	int (*revert_many)(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n,
			   struct vnm_error *err);
	int (*wait_gone)(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err);
	int (*change)(struct vnm_sys *sys, const struct vnm_op *old, const struct vnm_op *new,
		      struct vnm_error *err);
	int (*replace_many)(struct vnm_sys *sys, const struct vnm_op *const *gone, size_t n_gone,
			    const struct vnm_op *const *ops, size_t n, struct vnm_error *err);
};

/* The implementation of a kind is in the file of the same name. */
#define VNM_DECLARE_IMPL(KIND, name) extern const struct vnm_op_impl vnm_impl_##name;
VNM_OP_KINDS(VNM_DECLARE_IMPL)
#undef VNM_DECLARE_IMPL

#endif
