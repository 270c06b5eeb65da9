/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exec.h - applies plans, reverts them, and compares them with the system.
 *
 * A batch of networks goes through together, kind of operation by kind: so that one table commit holds the rules of
 * all, and their dnsmasq processes start side by side. A network that fails drops out and stops nobody else.
 */
#ifndef VNM_RUN_EXEC_H
#define VNM_RUN_EXEC_H

#include <stdbool.h>
#include <stddef.h>

#include "plan/op/op.h"
#include "plan/op/op_types.h"
#include "sys/op_impl.h"
#include "sys/sys.h"
#include "util/error.h"

/** struct vnm_job - one network of a batch. @failed: @err has the reason; it takes no further part. */
struct vnm_job {
	const char *name;
	struct vnm_plan plan;
	bool failed;
	struct vnm_error err;
};

/** struct vnm_missing - an operation that is not as it was made. */
struct vnm_missing {
	const struct vnm_op *op;
	enum vnm_presence presence; /* VNM_ABSENT or VNM_FOREIGN */
	char why[VNM_WHY_SIZE]; /* what was found instead; "": nothing to report */
};

void vnm_exec_prepare(struct vnm_sys *sys, struct vnm_job *jobs, size_t n);
void vnm_exec_apply(struct vnm_sys *sys, struct vnm_job *jobs, size_t n);
void vnm_exec_revert(struct vnm_sys *sys, struct vnm_job *jobs, size_t n);
int vnm_exec_check(struct vnm_sys *sys, const struct vnm_plan *plan, struct vnm_missing **ret,
		   size_t *ret_n, struct vnm_error *err);
int vnm_exec_prepare_plan(struct vnm_sys *sys, const char *name, const struct vnm_plan *plan,
			  struct vnm_error *err);
int vnm_exec_apply_plan(struct vnm_sys *sys, const char *name, const struct vnm_plan *plan,
			struct vnm_error *err);
int vnm_exec_revert_plan(struct vnm_sys *sys, const char *name, const struct vnm_plan *plan,
			 struct vnm_error *err);
void vnm_jobs_free(struct vnm_job *jobs, size_t n);

#endif
