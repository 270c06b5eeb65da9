/* SPDX-License-Identifier: GPL-2.0-or-later */
/* netns_path.h - can others choose the network namespace of a path? And is it our own? */
#ifndef VNM_SYS_NETNS_PATH_H
#define VNM_SYS_NETNS_PATH_H

#include <stdbool.h>
#include <stdint.h>

#include "util/error.h"

int vnm_netns_path_check(const char *path, struct vnm_error *err);
bool vnm_netns_is_own(uint32_t ino);

#endif
