/* SPDX-License-Identifier: GPL-2.0-or-later */
/* hook_process.h - one hook as a process: its input, its end, and which processes may not call vnetmgr. */
#ifndef VNM_RUN_HOOK_PROCESS_H
#define VNM_RUN_HOOK_PROCESS_H

#include "util/buf.h"
#include "util/child.h"
#include "util/error.h"

/* In the environment of a hook: "PID:START" of its caller, which waits for it, holding the lock. */
#define VNM_HOOK_VARIABLE "VNETMGR_HOOK"

#define VNM_HOOK_SECONDS 30 /* for each program */

int vnm_hook_check_caller(struct vnm_error *err);
int vnm_hook_recover(int run_fd, struct vnm_warnings *notes);
int vnm_hook_explain(const struct vnm_child_setup *setup, int r, const struct vnm_child_end *end,
		     struct vnm_error *err);
int vnm_hook_execute(const char *run_dir, const char *const argv[], const struct vnm_buf *input,
		     struct vnm_error *err);

#endif
