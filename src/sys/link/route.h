/* SPDX-License-Identifier: GPL-2.0-or-later */
/* route.h - routes: those of a network, and those of the host, for the planner. */
#ifndef VNM_SYS_ROUTE_H
#define VNM_SYS_ROUTE_H

#include "sys/op_impl.h"

struct nlattr;

int vnm_route_drop(struct vnm_sys *sys, const struct vnm_op_route *gone, struct vnm_error *err);
int vnm_observe_routes(struct vnm_sys *sys, struct vnm_facts *facts, struct vnm_error *err);
bool vnm_route_uses(struct nlattr **tb, int ifindex);

#endif
