/* SPDX-License-Identifier: GPL-2.0-or-later */
/* conflict.h - may a network be defined beside the others? Pure. */
#ifndef VNM_PLAN_CONFLICT_H
#define VNM_PLAN_CONFLICT_H

#include "plan/conflict/other_net.h"
#include "plan/facts.h"

int vnm_conflict_define(const struct vnm_network *net, const struct vnm_other_net *others, size_t n,
			struct vnm_warnings *warnings, struct vnm_error *err);
int vnm_bridge_name_pick(const char *template_name, const struct vnm_facts *facts,
			 const struct vnm_other_net *others, size_t n,
			 char ret[static VNM_IFNAME_SIZE], struct vnm_error *err);

#endif
