/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_impl.h - the contract that every kind of operation fulfils. */
#ifndef VNM_SYS_OP_IMPL_H
#define VNM_SYS_OP_IMPL_H

#include "sys/sys.h"

/** enum vnm_presence - what vnm_op_impl.check found. */
enum vnm_presence {
	VNM_PRESENT,
	VNM_ABSENT,
	VNM_FOREIGN,	/* something of that name is there, but it is not what we made */
	VNM_PRESENCE_COUNT
};

/**
 * struct vnm_op_impl - one kind's contract.
 * @prepare: may look, must not change; fails when the operation cannot work here (NULL: nothing to look at)
 * @apply:   all or nothing; fails with VNM_ERR_FOREIGN when the object exists and is not ours
 * @wait_ready:  waits until what @apply started is really there (NULL: it is there when @apply returns)
 * @check:   the truth; a negative return is an error, not an answer
 * @revert:  idempotent: absent is success, foreign is left alone
 * @wait_gone: waits until what @revert ended is really gone (NULL: it is)
 * @change:  makes @old into @new, which is the same object, in place; works also when it was done already
 *           (NULL: @old is taken back and @new applied)
 *
 * @apply_many/@revert_many, where present, do several operations of the kind in one step, all or nothing;
 * the executor then never calls @apply/@revert. @apply_many is idempotent, and puts operations that depend on
 * their order into it. @replace_many takes @gone back and applies @ops in that one step.
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

/* The implementation of a kind is in the file that is called like the kind. */
#define VNM_DECLARE_IMPL(KIND, name) extern const struct vnm_op_impl vnm_impl_##name;
VNM_OP_KINDS(VNM_DECLARE_IMPL)
#undef VNM_DECLARE_IMPL

#endif
