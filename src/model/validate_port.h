/* SPDX-License-Identifier: GPL-2.0-or-later */
/* validate_port.h - settings of guests' ports: of all, and of portgroups. */
#ifndef VNM_MODEL_VALIDATE_PORT_H
#define VNM_MODEL_VALIDATE_PORT_H

#include "model/check.h"

int vnm_check_ports(struct vnm_check *check);

#endif
