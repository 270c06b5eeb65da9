/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log.h - changes that no command was given for are logged, too. */
#ifndef VNM_RUN_LOG_H
#define VNM_RUN_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "util/error.h"

struct vnm_driver;

#define VNM_LOG_RECOVERY "recovery"
#define VNM_LOG_GUARD "guard"

bool vnm_driver_log(const struct vnm_driver *drv, const char *action, const char *network,
		    const char *reason, int64_t since_ms, const struct vnm_error *failure);

#endif
