/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * assume.h - the state that a dry run pretends.
 *
 * A dry run takes the same path as the real command: the same checks, in the same order, with the same messages. Where that
 * writes a file, the dry run writes to its shadows (shadow.h), and where that changes the system, it assumes success.
 * So net-apply --dry-run checks the third file against the first two.
 */
#ifndef VNM_STATE_ASSUME_H
#define VNM_STATE_ASSUME_H

#include <stdbool.h>

#include "model/network.h"
#include "plan/facts.h"
#include "plan/op/diff.h"
#include "plan/op/op.h"
#include "state/journal.h"
#include "state/shadow.h"
#include "util/error.h"

struct vnm_driver;

/** struct vnm_assumed - the shadows of the directory of definitions and of the run directory. */
struct vnm_assumed {
	struct vnm_shadow config, run;
};

bool vnm_driver_assumes_plan(const struct vnm_driver *drv, const char *name);
int vnm_driver_assume(struct vnm_driver *drv, const struct vnm_network *net,
		      const struct vnm_plan *plan, struct vnm_error *err);
void vnm_driver_assume_facts(struct vnm_driver *drv, struct vnm_facts *facts);
int vnm_driver_journal(struct vnm_driver *drv, const char *name, bool with_plan,
		       struct vnm_journal *ret, struct vnm_error *err);
int vnm_driver_assumed_diff(struct vnm_driver *drv, const char *name, struct vnm_journal *from,
			    struct vnm_journal *to, struct vnm_diff *ret, struct vnm_error *err);
void vnm_driver_assume_repaired(struct vnm_driver *drv, const char *name);
bool vnm_driver_assumes_repaired(const struct vnm_driver *drv, const char *name);
void vnm_driver_set_assumed(struct vnm_driver *drv, struct vnm_assumed *assumed);
struct vnm_assumed *vnm_assumed_new(void);
void vnm_assumed_free(struct vnm_assumed *assumed);

#endif
