/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan_dnsmasq.h - the dnsmasq of a network, its files, and its registration with systemd-resolved. Pure. */
#ifndef VNM_PLAN_PLAN_DNSMASQ_H
#define VNM_PLAN_PLAN_DNSMASQ_H

#include "model/network.h"
#include "plan/op/op.h"
#include "plan/plan_input.h"
#include "util/error.h"

int vnm_plan_dnsmasq(const struct vnm_plan_input *in, struct vnm_plan *plan, struct vnm_error *err);
void vnm_plan_nameserver(const struct vnm_network *net, struct vnm_plan *plan);

#endif
