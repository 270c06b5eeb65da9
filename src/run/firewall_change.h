/* SPDX-License-Identifier: GPL-2.0-or-later */
/* firewall_change.h - the rules of all active networks move to another firewall back end. */
#ifndef VNM_RUN_FIREWALL_CHANGE_H
#define VNM_RUN_FIREWALL_CHANGE_H

#include "plan/firewall/fw_backend.h"
#include "plan/op/steps.h"
#include "util/error.h"

struct vnm_driver;

int vnm_driver_change_firewall(struct vnm_driver *drv, enum vnm_fw_backend backend,
			       struct vnm_steps *steps, struct vnm_error *err);
void vnm_driver_recover_firewall(struct vnm_driver *drv);

#endif
