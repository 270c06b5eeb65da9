/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guard_record.h - RUN/NETWORK.guard: the process that restores an uplink unless somebody confirms that the host is in reach. */
#ifndef VNM_STATE_GUARD_RECORD_H
#define VNM_STATE_GUARD_RECORD_H

#include <stdbool.h>

/**
 * struct vnm_guard - who puts an uplink back when nobody confirms that the host is still in reach.
 * @seconds:   how long to wait; 0: nobody does
 * @automatic: the gateway's answer is confirmation enough
 */
struct vnm_guard {
	unsigned seconds;
	bool automatic;
};

#define VNM_GUARD_SUFFIX ".guard"

bool vnm_guard_lives(int run_fd, const char *name);
int vnm_guard_left(int run_fd, const char *name);
int vnm_guard_dismiss(int run_fd, const char *name);
char *vnm_guard_file(const char *name);

#endif
