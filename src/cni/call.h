/* SPDX-License-Identifier: GPL-2.0-or-later */
/* call.h - one call of the plugin: what is asked for, and the driver. */
#ifndef VNM_CNI_CALL_H
#define VNM_CNI_CALL_H

#include <stdbool.h>

#include "cni/config.h"
#include "cni/env.h"
#include "cni/failure.h"
#include "driver/driver.h"

struct vnm_cni_call {
	struct vnm_cni_env env;
	struct vnm_cni_config config;
	struct vnm_cni_failure failure;
};

int vnm_cni_open(struct vnm_cni_call *call, bool reads, struct vnm_driver **ret);

#endif
