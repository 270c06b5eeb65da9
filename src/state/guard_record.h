/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guard_record.h - RUN/NETWORK.guard: the record of the process that restores an uplink unless the start is confirmed. */
#ifndef VNM_STATE_GUARD_RECORD_H
#define VNM_STATE_GUARD_RECORD_H

#include <stdbool.h>

/**
 * struct vnm_guard - how an uplink is guarded
 * @seconds:   how long to wait for the confirmation; 0: no guard
 * @automatic: an answer of the gateway is confirmation enough
 * @unasked:   nobody has said whether there is to be one
 * @terminal:  the device of the terminal to be notified of a restoration; NULL: none
 */
struct vnm_guard {
	unsigned seconds;
	bool automatic, unasked;
	const char *terminal;
};

#define VNM_GUARD_SUFFIX ".guard"

bool vnm_guard_lives(int run_fd, const char *name);
int vnm_guard_left(int run_fd, const char *name);
int vnm_guard_dismiss(int run_fd, const char *name);
char *vnm_guard_file(const char *name);

#endif
