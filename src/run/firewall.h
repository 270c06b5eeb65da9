/* SPDX-License-Identifier: GPL-2.0-or-later */
/* firewall.h - by which back end the rules of the networks are kept: chosen, recorded, recalled. */
#ifndef VNM_RUN_FIREWALL_H
#define VNM_RUN_FIREWALL_H

#include "plan/firewall/fw_choice.h"
#include "util/error.h"

struct vnm_driver;

int vnm_driver_decide_firewall(struct vnm_driver *drv, bool move, struct vnm_fw_choice *ret,
			       struct vnm_error *err);
int vnm_driver_choose_firewall(struct vnm_driver *drv, struct vnm_error *err);
int vnm_driver_record_firewall(struct vnm_driver *drv, struct vnm_error *err);
int vnm_driver_recall_firewall(struct vnm_driver *drv, struct vnm_error *err);
int vnm_driver_drop_firewall(struct vnm_driver *drv, struct vnm_error *err);

#endif
