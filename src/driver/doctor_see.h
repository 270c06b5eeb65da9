/* SPDX-License-Identifier: GPL-2.0-or-later */
/* doctor_see.h - what is read for net-doctor of an active network, its guests and its host. */
#ifndef VNM_DRIVER_DOCTOR_SEE_H
#define VNM_DRIVER_DOCTOR_SEE_H

#include "doctor/case.h"
#include "doctor/finding.h"
#include "driver/versions.h"
#include "model/network.h"
#include "plan/op/op.h"
#include "util/error.h"

struct vnm_driver;

/** struct vnm_doctor - one network; zero-initialise, free with vnm_doctor_clear(). @guest: only what concerns it; NULL: all. @passive: nothing is sent. @versions: of what was read. @hints: what nothing on this host shows */
struct vnm_doctor {
	struct vnm_network net;
	struct vnm_attachments attachments;
	struct vnm_plan plan;
	struct vnm_case c;
	struct vnm_findings found;
	struct vnm_warnings hints;
	char *guest;
	bool passive;
	struct vnm_versions versions;
};

int vnm_doctor_see(struct vnm_driver *drv, struct vnm_case *host, struct vnm_doctor *doctor,
		   struct vnm_error *err);

#endif
