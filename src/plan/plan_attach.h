/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan_attach.h - the plan of an attachment. Pure. */
#ifndef VNM_PLAN_PLAN_ATTACH_H
#define VNM_PLAN_PLAN_ATTACH_H

#include "model/attach.h"
#include "plan/attach_facts.h"
#include "plan/op/op.h"

struct vnm_mac vnm_plan_port_mac(const struct vnm_network *net,
				 const struct vnm_attachment *attach);
void vnm_plan_ovs_vlans(const struct vnm_network *net, const struct vnm_attachment *attach,
			struct vnm_op_ovs_port *port);
char *vnm_plan_port_vlans(const struct vnm_network *net, const struct vnm_attachment *attach);
void vnm_plan_attach(const struct vnm_network *net, const struct vnm_attachment *attach,
		     const struct vnm_attach_facts *facts, struct vnm_plan *ret);

#endif
