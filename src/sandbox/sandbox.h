/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sandbox.h - a private environment in which everything can be tried, and of which nothing is left. */
#ifndef VNM_SANDBOX_SANDBOX_H
#define VNM_SANDBOX_SANDBOX_H

#include <stdbool.h>

#include "util/error.h"

int vnm_sandbox_run(bool uplink, char *const argv[], struct vnm_error *err);	/* exit status (128 + signal) or -errno */

#endif
