/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ops.h - the implementation of each kind of operation. */
#ifndef VNM_SYS_OPS_H
#define VNM_SYS_OPS_H

#include "sys/op_impl.h"

extern const struct vnm_op_impl *const vnm_op_impls[VNM_OP_COUNT];	/* by kind; no member is NULL */

#endif
