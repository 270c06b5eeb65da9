/* SPDX-License-Identifier: GPL-2.0-or-later */
/* doctor_follow.h - packets of guests, followed through the kernel: which of them are stopped, and by what? */
#ifndef VNM_DRIVER_DOCTOR_FOLLOW_H
#define VNM_DRIVER_DOCTOR_FOLLOW_H

#include "doctor/case.h"

struct vnm_driver;

void vnm_doctor_follow(struct vnm_driver *drv, struct vnm_case *c);

#endif
