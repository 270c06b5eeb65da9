/* SPDX-License-Identifier: GPL-2.0-or-later */
/* device_uses.h - which networks use which devices of the host: RUN/devices/DEV/NETWORK, for udev's rules. */
#ifndef VNM_STATE_DEVICE_USES_H
#define VNM_STATE_DEVICE_USES_H

#include <stddef.h>

#include "plan/op/op.h"
#include "util/error.h"

int vnm_device_uses_note(int run_fd, const char *name, const struct vnm_plan *plan,
			 struct vnm_error *err);
int vnm_device_uses_add(int run_fd, const char *name, const char *dev, struct vnm_error *err);
int vnm_device_uses_forget(int run_fd, const char *name, struct vnm_error *err);
void vnm_device_uses_names(int run_fd, char ***ret, size_t *ret_n);

#endif
