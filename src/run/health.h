/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * health.h - is an active network in effect: is its plan applied, is nothing of others in its way,
 * and are its guests connected? One check for every command that reports it.
 */
#ifndef VNM_RUN_HEALTH_H
#define VNM_RUN_HEALTH_H

#include <stddef.h>

#include "model/overlay_fault.h"
#include "plan/op/op.h"
#include "run/exec.h"
#include "state/journal.h"
#include "state/journal_cache.h"
#include "state/paths.h"
#include "sys/firewall/fw_findings.h"
#include "sys/sys.h"
#include "util/error.h"

struct vnm_driver;

/**
 * struct vnm_health - the findings of a check; all empty: the network is whole.
 * @plan:    the plan checked; borrowed
 * @missing: missing operations of it, @n_missing
 * @found:   what keeps its rules from being in effect
 * @rules_right: they were looked at, and are as planned, and nothing keeps them from being in effect
 * @guests:  those that lack something, a line each; @guests_mended: the same as what a repair restores
 * @unknown: what could not be inspected, and why
 * @hosts:   what is wrong with the other hosts of an overlay (vnm_health_add_hosts())
 * @notes:   what is no fault, but worth reporting
 */
struct vnm_health {
	const struct vnm_plan *plan;
	struct vnm_missing *missing;
	size_t n_missing;
	struct vnm_fw_findings found;
	bool rules_right;
	struct vnm_warnings guests, guests_mended, unknown, hosts, notes;
};

void vnm_health_expect_rules(struct vnm_sys *sys, struct vnm_journal_cache *journals,
			     struct vnm_journals *ret);
int vnm_health_check(struct vnm_sys *sys, const struct vnm_paths *paths, const char *name,
		     const struct vnm_plan *plan, bool right, struct vnm_health *ret,
		     struct vnm_error *err);
void vnm_health_add_hosts(struct vnm_health *health, const struct vnm_overlay_faults *faults);
size_t vnm_health_missing(const struct vnm_health *health, char ***ret);
size_t vnm_health_faults(const struct vnm_health *health, char ***ret);
char *vnm_health_text(const struct vnm_health *health);
char *vnm_health_repaired(const struct vnm_health *health);
void vnm_health_clear(struct vnm_health *health);
#define vnm_autohealth __attribute__((cleanup(vnm_health_clear)))
void vnm_driver_report_missing(struct vnm_driver *drv, const char *name,
			       const struct vnm_missing *missing, size_t n);

#endif
