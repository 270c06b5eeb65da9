/* SPDX-License-Identifier: GPL-2.0-or-later */
/* doctor.h - net-doctor: what keeps guests from their network and from the outside, and what mends it. */
#ifndef VNM_DRIVER_DOCTOR_H
#define VNM_DRIVER_DOCTOR_H

#include "doctor/case.h"
#include "doctor/finding.h"
#include "model/network.h"
#include "plan/op/op.h"
#include "util/error.h"

struct vnm_driver;

/** struct vnm_doctor - one network; zero-initialise, free with vnm_doctor_clear(). @guest: only what concerns it; NULL: all. @passive: nothing is sent */
struct vnm_doctor {
	struct vnm_network net;
	struct vnm_attachments attachments;
	struct vnm_plan plan;
	struct vnm_case c;
	struct vnm_findings found;
	char *guest;
	bool passive;
};

int vnm_driver_doctor(struct vnm_driver *drv, const char *name, const char *guest, bool passive,
		      struct vnm_doctor *ret, struct vnm_error *err);
void vnm_doctor_probe(struct vnm_doctor *doctor);
void vnm_doctor_clear(struct vnm_doctor *doctor);

#endif
