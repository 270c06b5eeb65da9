/* SPDX-License-Identifier: GPL-2.0-or-later */
/* observe.h - read the state of the host once, before anything is decided. */
#ifndef VNM_SYS_OBSERVE_H
#define VNM_SYS_OBSERVE_H

#include "model/network.h"
#include "sys/sys.h"

int vnm_observe_means(struct vnm_facts *facts, struct vnm_error *err);
int vnm_observe_host(struct vnm_sys *sys, struct vnm_facts *facts, struct vnm_error *err);
int vnm_observe(struct vnm_sys *sys, struct vnm_facts *ret, struct vnm_error *err);

#endif
