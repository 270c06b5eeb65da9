/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sandbox.h - a private environment for trying anything without a trace on the host. */
#ifndef VNM_SANDBOX_SANDBOX_H
#define VNM_SANDBOX_SANDBOX_H

#include <stdbool.h>

#include "util/error.h"

int vnm_sandbox_run(bool uplink, char *const argv[], struct vnm_error *err);	/* exit status (128 + signal) or -errno */

#endif
