/* SPDX-License-Identifier: GPL-2.0-or-later */
/* forwarding.h - the host's forwarding sysctls, which all networks share. */
#ifndef VNM_SYS_FORWARDING_H
#define VNM_SYS_FORWARDING_H

#include "sys/op_impl.h"

int vnm_forwarding_get(int family, bool *ret);
void vnm_forwarding_drop_record(struct vnm_sys *sys);
int vnm_forwarding_recorded(struct vnm_sys *sys, int family, bool *ret);

#endif
