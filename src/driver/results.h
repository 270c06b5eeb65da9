/* SPDX-License-Identifier: GPL-2.0-or-later */
/* results.h - the outcome for each network of a bulk command. */
#ifndef VNM_DRIVER_RESULTS_H
#define VNM_DRIVER_RESULTS_H

#include <stdbool.h>
#include <stddef.h>

#include "plan/op/steps.h"
#include "util/error.h"

/**
 * struct vnm_result - the outcome for one network of a bulk command.
 * @name: the network (as the user named it when it was not found)
 * @detail: net-repair: what was restored ("dnsmasq, 3 of 14 firewall rules"); NULL: nothing to report
 * @hints: what the user should know of what was done
 * @steps: the steps of a dry run
 * @skipped: nothing had to be done
 * @failed: see @err
 * @obstructed: net-repair: all that is ours is present, but others are in its way; @failed, too
 */
struct vnm_result {
	char *name, *detail;
	struct vnm_warnings hints;
	struct vnm_steps steps;
	bool skipped, failed, obstructed;
	struct vnm_error err;
};

void vnm_results_free(struct vnm_result *results, size_t n);
void vnm_result_fail(struct vnm_result *result, const struct vnm_error *err);
int vnm_results_take_one(struct vnm_result *results, struct vnm_error *err);
struct vnm_result *vnm_results_new(const char *const *names, size_t n);

#endif
