/* SPDX-License-Identifier: GPL-2.0-or-later */
/* zone.h - our bridge in a zone of firewalld. */
#ifndef VNM_SYS_ZONE_H
#define VNM_SYS_ZONE_H

#include "sys/op_impl.h"

int vnm_observe_zones(struct vnm_sys *sys, struct vnm_facts *facts, struct vnm_error *err);

#endif
