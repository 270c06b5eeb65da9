/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan_facts.h - a host with dnsmasq, and the paths of a network n, for tests that make plans. */
#ifndef VNM_TESTS_UNIT_PLAN_FACTS_H
#define VNM_TESTS_UNIT_PLAN_FACTS_H

#include "plan/plan.h"

static char dnsmasq_path[] = "/usr/sbin/dnsmasq";
static char dnsmasq_dir[] = "/run/vnetmgr/dnsmasq/n", lease_file[] = "/var/lib/vnetmgr/leases/n";
static char account[] = "dnsmasq";
static const struct vnm_facts facts = { .dnsmasq = dnsmasq_path,
					.dnsmasq_user = account,
					.dnsmasq_group = account };
static const struct vnm_dnsmasq_paths paths = { dnsmasq_dir, lease_file };

#endif
