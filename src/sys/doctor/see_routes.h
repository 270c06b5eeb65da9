/* SPDX-License-Identifier: GPL-2.0-or-later */
/* see_routes.h - the routes and addresses of a network namespace, and the rules of policy routing. */
#ifndef VNM_SYS_SEE_ROUTES_H
#define VNM_SYS_SEE_ROUTES_H

#include "doctor/case.h"
#include "sys/sys.h"

int vnm_see_stack(struct vnm_sys *sys, struct vnm_case_stack *ret, struct vnm_error *err);
int vnm_see_rules(struct vnm_sys *sys, struct vnm_case *c, struct vnm_error *err);

#endif
