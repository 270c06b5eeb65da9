/* SPDX-License-Identifier: GPL-2.0-or-later */
/* uplink_observe.h - an uplink to be: its settings, and who else manages it. */
#ifndef VNM_SYS_UPLINK_OBSERVE_H
#define VNM_SYS_UPLINK_OBSERVE_H

#include "sys/sys.h"

unsigned vnm_uplink_managers(const char *dev, int ifindex);
int vnm_observe_uplink(struct vnm_sys *sys, const char *dev, struct vnm_facts *facts,
		       struct vnm_error *err);

#endif
