/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan_network.h - the plan of a network, and its conflicts with the host and other networks. */
#ifndef VNM_RUN_PLAN_NETWORK_H
#define VNM_RUN_PLAN_NETWORK_H

#include <stddef.h>

#include "model/network.h"
#include "plan/conflict/other_net.h"
#include "plan/facts.h"
#include "plan/op/op.h"
#include "state/port_store.h"
#include "util/error.h"

struct vnm_driver;

int vnm_driver_check_listeners(struct vnm_driver *drv, const struct vnm_network *net,
			       const struct vnm_network *old, struct vnm_warnings *warnings,
			       struct vnm_error *err);
int vnm_driver_check_forwards(struct vnm_driver *drv, const struct vnm_network *net,
			      const struct vnm_network *old, const struct vnm_other_net *batch,
			      size_t n_batch, struct vnm_error *err);
int vnm_driver_plan(struct vnm_driver *drv, const struct vnm_network *net,
		    const struct vnm_network *old, const struct vnm_facts *facts,
		    const struct vnm_other_net *batch, size_t n_batch, struct vnm_plan *ret,
		    struct vnm_error *err);
int vnm_driver_replan(struct vnm_driver *drv, const struct vnm_network *net,
		      const struct vnm_plan *old, const struct vnm_port_change *port,
		      struct vnm_plan *ret, struct vnm_error *err);

#endif
