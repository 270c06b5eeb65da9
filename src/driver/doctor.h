/* SPDX-License-Identifier: GPL-2.0-or-later */
/* doctor.h - net-doctor: what keeps guests from their network and from the outside, and what mends it. */
#ifndef VNM_DRIVER_DOCTOR_H
#define VNM_DRIVER_DOCTOR_H

#include "driver/doctor_see.h"
#include "util/error.h"

struct vnm_driver;

int vnm_driver_doctor(struct vnm_driver *drv, struct vnm_case *host, const char *name,
		      const char *guest, bool passive, struct vnm_doctor *ret,
		      struct vnm_error *err);
bool vnm_doctor_examine(struct vnm_driver *drv, struct vnm_doctor *doctor);
void vnm_doctor_clear(struct vnm_doctor *doctor);

#endif
