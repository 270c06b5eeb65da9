/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bind_device.h - sockets of a process that are bound to a device from the beginning, as "ip vrf exec" has it. */
#ifndef VNM_SYS_BIND_DEVICE_H
#define VNM_SYS_BIND_DEVICE_H

#include <stdbool.h>
#include <sys/types.h>

#include "util/error.h"

int vnm_bind_device_begin(pid_t pid, const char *dev, struct vnm_error *err);
int vnm_bind_device_end(pid_t pid, const char *dev, struct vnm_error *err);
int vnm_bind_device_forget(const char *dev, struct vnm_error *err);
bool vnm_bind_device_unfinished(const char *dev);
int vnm_bind_device_possible(struct vnm_error *err);

#endif
