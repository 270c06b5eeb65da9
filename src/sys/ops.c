/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ops.c - the table of implementations, by kind of operation. */
#include "sys/ops.h"

#include <assert.h>

#include "util/mem.h"

#define ENTRY(KIND, name) [VNM_OP_##KIND] = &vnm_impl_##name,
const struct vnm_op_impl *const vnm_op_impls[] = { VNM_OP_KINDS(ENTRY) };
static_assert(VNM_ARRAY_SIZE(vnm_op_impls) == VNM_OP_COUNT, "every kind of operation has its code");
