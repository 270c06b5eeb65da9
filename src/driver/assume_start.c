/* SPDX-License-Identifier: GPL-2.0-or-later */
/* assume_start.c - starts of a dry run; see state/assume.h. */
#include "driver/assume_start.h"

#include "driver/guard.h"
#include "run/definition.h"
#include "run/guest_reattach.h"
#include "run/guest_renumber.h"
#include "run/lease_use.h"
#include "run/observe.h"
#include "run/others.h"
#include "state/assume.h"
#include "state/session.h"

/* The steps and warnings of a start. @steps: of the network; its guests' are added. */
static void assume_one(struct vnm_driver *drv, struct vnm_network *net, struct vnm_job *job,
		       struct vnm_steps *steps)
{
	struct vnm_warnings waiting = { 0 };

	vnm_driver_set_runtime_defaults(net);
	vnm_driver_preview_advertised(drv, &job->plan, steps);
	if (vnm_driver_post_guard(drv, net, &job->err) < 0 ||
	    vnm_driver_assume(drv, net, &job->plan, &job->err) < 0) {
		job->failed = true;
		return;
	}
	vnm_driver_preview_guests(drv, NULL, net, steps);
	vnm_driver_warn_full(drv, net);
	vnm_driver_reattach(drv, net, &waiting, steps);
	vnm_driver_reattach_waiting(drv, net, &waiting, steps);
	vnm_driver_rejoin_others(drv, net->name, &job->plan, steps);
}

/**
 * vnm_driver_assume_starts() - assume that networks start, and report the steps
 * @drv:     the driver of a dry run
 * @nets:    the networks; become the live definitions
 * @jobs:    one each, planned and prepared; failed ones are skipped
 * @results: one each: get the steps
 * @n:       how many
 */
void vnm_driver_assume_starts(struct vnm_driver *drv, struct vnm_network *nets,
			      struct vnm_job *jobs, struct vnm_result *results, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (jobs[i].failed)
			continue;
		vnm_steps_add_plan(&results[i].steps, &jobs[i].plan, false);
		assume_one(drv, &nets[i], &jobs[i], &results[i].steps);
	}
}
