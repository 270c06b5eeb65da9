/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ifb.h - the ifb device through which the packets that another device receives are redirected, and shaped. */
#ifndef VNM_SYS_IFB_H
#define VNM_SYS_IFB_H

#include "sys/link/link.h"
#include "sys/op_impl.h"

bool vnm_ifb_loses_nat(void);
int vnm_ifb_prepare(struct vnm_sys *sys, const struct vnm_op_bandwidth *op, struct vnm_error *err);
int vnm_ifb_check(struct vnm_sys *sys, const struct vnm_op_bandwidth *op, struct vnm_link *link,
		  enum vnm_presence *ret, struct vnm_error *err);
int vnm_ifb_apply(struct vnm_sys *sys, const struct vnm_op_bandwidth *op, struct vnm_link *ret,
		  struct vnm_error *err);
int vnm_ifb_revert(struct vnm_sys *sys, const struct vnm_op_bandwidth *op, struct vnm_error *err);

#endif
