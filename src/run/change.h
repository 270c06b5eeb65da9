/* SPDX-License-Identifier: GPL-2.0-or-later */
/* change.h - changes of active networks, with guests connected. */
#ifndef VNM_RUN_CHANGE_H
#define VNM_RUN_CHANGE_H

#include "model/network.h"
#include "plan/op/op.h"
#include "plan/op/steps.h"
#include "state/port_store.h"
#include "util/error.h"

struct vnm_driver;

/**
 * struct vnm_live_change - from one plan of an active network to another, with all that changes along
 * @net:  the definition of the new plan
 * @kept: the new persistent definition; NULL: unchanged
 * @port: a port that is created or deleted; or NULL
 * @from: the plan of the journal
 * @to:   the new plan
 */
struct vnm_live_change {
	const struct vnm_network *net, *kept;
	const struct vnm_port_change *port;
	const struct vnm_plan *from, *to;
};

void vnm_driver_warn_partial_rollback(struct vnm_driver *drv, const char *name,
				      const struct vnm_error *err);
int vnm_driver_rollback_change(struct vnm_driver *drv, const char *name,
			       const struct vnm_plan *from, const struct vnm_plan *to,
			       struct vnm_error *err);
int vnm_driver_change(struct vnm_driver *drv, const struct vnm_live_change *change,
		      struct vnm_steps *steps, struct vnm_error *err);
int vnm_driver_change_port(struct vnm_driver *drv, const char *name,
			   const struct vnm_port_change *port, struct vnm_error *err);
int vnm_driver_reconcile(struct vnm_driver *drv, const char *name, struct vnm_error *err);
int vnm_driver_reconcile_told(struct vnm_driver *drv, const char *name, struct vnm_buf *text,
			      struct vnm_steps *steps, struct vnm_error *err);

#endif
