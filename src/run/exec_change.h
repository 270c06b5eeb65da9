/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exec_change.h - live changes: the difference of two plans, carried out step by step. */
#ifndef VNM_RUN_EXEC_CHANGE_H
#define VNM_RUN_EXEC_CHANGE_H

#include "plan/op/diff.h"
#include "plan/op/op.h"
#include "sys/sys.h"
#include "util/error.h"

int vnm_exec_change_prepare(struct vnm_sys *sys, const struct vnm_diff *diff,
			    struct vnm_error *err);
int vnm_exec_change(struct vnm_sys *sys, const struct vnm_diff *diff, const struct vnm_plan *new,
		    struct vnm_error *err);

#endif
