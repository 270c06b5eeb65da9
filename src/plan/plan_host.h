/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan_host.h - the host's own macvlan on a device of guests. Pure. */
#ifndef VNM_PLAN_PLAN_HOST_H
#define VNM_PLAN_PLAN_HOST_H

#include "model/attach.h"
#include "plan/attach_facts.h"
#include "plan/op/op.h"

void vnm_plan_host(const struct vnm_network *net, const struct vnm_facts *facts,
		   struct vnm_plan *plan);
void vnm_plan_host_routes(const struct vnm_network *net, const struct vnm_attachment *attach,
			  const struct vnm_attach_facts *facts, struct vnm_plan *plan);

#endif
