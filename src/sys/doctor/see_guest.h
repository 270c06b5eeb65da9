/* SPDX-License-Identifier: GPL-2.0-or-later */
/* see_guest.h - what is in a guest's network namespace. */
#ifndef VNM_SYS_SEE_GUEST_H
#define VNM_SYS_SEE_GUEST_H

#include "doctor/case.h"
#include "sys/sys.h"

int vnm_see_guest(struct vnm_sys *sys, struct vnm_case_guest *guest);

#endif
