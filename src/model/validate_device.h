/* SPDX-License-Identifier: GPL-2.0-or-later */
/* validate_device.h - devices of the host in <forward>. */
#ifndef VNM_MODEL_VALIDATE_DEVICE_H
#define VNM_MODEL_VALIDATE_DEVICE_H

#include "model/check.h"

int vnm_check_interfaces(struct vnm_check *check);
int vnm_check_device(struct vnm_check *check, const struct vnm_at *at, const char *dev);

#endif
