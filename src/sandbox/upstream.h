/* SPDX-License-Identifier: GPL-2.0-or-later */
/* upstream.h - the sandbox's simulated upstream network. */
#ifndef VNM_SANDBOX_UPSTREAM_H
#define VNM_SANDBOX_UPSTREAM_H

#include "util/error.h"

int vnm_sandbox_uplink(struct vnm_warnings *warnings, struct vnm_error *err);

#endif
