/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rule.c - firewall rules, in the back end in use; see fw_backend_impl.h. */
#include "sys/firewall/firewall.h"

static const struct vnm_op_impl *impl_of(const struct vnm_sys *sys)
{
	return &vnm_fw_backend_of(sys)->rule;
}

static int rule_prepare(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	return impl_of(sys)->prepare(sys, op, err);
}

static int rule_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
		      struct vnm_error *err)
{
	return impl_of(sys)->check(sys, op, ret, err);
}

static int rule_apply_many(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n,
			   struct vnm_error *err)
{
	return impl_of(sys)->apply_many(sys, ops, n, err);
}

static int rule_revert_many(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n,
			    struct vnm_error *err)
{
	return impl_of(sys)->revert_many(sys, ops, n, err);
}

static int rule_replace_many(struct vnm_sys *sys, const struct vnm_op *const *gone, size_t n_gone,
			     const struct vnm_op *const *ops, size_t n, struct vnm_error *err)
{
	return impl_of(sys)->replace_many(sys, gone, n_gone, ops, n, err);
}

const struct vnm_op_impl vnm_impl_rule = {
	.prepare = rule_prepare,
	.apply_many = rule_apply_many,
	.check = rule_check,
	.revert_many = rule_revert_many,
	.replace_many = rule_replace_many,
};
