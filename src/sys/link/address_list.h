/* SPDX-License-Identifier: GPL-2.0-or-later */
/* address_list.h - the global addresses of all devices. */
#ifndef VNM_SYS_ADDRESS_LIST_H
#define VNM_SYS_ADDRESS_LIST_H

#include "sys/sys.h"

int vnm_addr_others(struct vnm_sys *sys, int family, size_t *ret, struct vnm_error *err);
int vnm_observe_addresses(struct vnm_sys *sys, struct vnm_facts *facts, struct vnm_error *err);

#endif
