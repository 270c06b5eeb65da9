/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan_tun.h - the plan of a guest behind a tun. Pure. */
#ifndef VNM_PLAN_PLAN_TUN_H
#define VNM_PLAN_PLAN_TUN_H

#include "model/attach.h"
#include "plan/attach_facts.h"
#include "plan/op/op.h"

void vnm_plan_tun(const struct vnm_network *net, const struct vnm_attachment *attach,
		  const struct vnm_attach_facts *facts, struct vnm_plan *plan);

#endif
