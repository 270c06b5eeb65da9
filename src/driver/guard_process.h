/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guard_process.h - the process that restores a host's uplink unless the start is confirmed.
 *
 * Its record, RUN/NETWORK.guard, is written before anything is changed. The guard waits as long as the record names it, and
 * ends when that is removed or replaced. A guard that was killed is found by its record, and the next command does its work.
 */
#ifndef VNM_DRIVER_GUARD_PROCESS_H
#define VNM_DRIVER_GUARD_PROCESS_H

#include "state/guard_record.h"
#include "util/error.h"

/**
 * struct vnm_guarded - what is guarded, and how.
 * @root:    of the state directories, NULL: the system's
 * @run:     the run directory, @run_fd the same
 * @name:    the network
 * @bridge:  its bridge
 * @uplink:  the device on it
 * @guard:   how long to wait, and for what
 */
struct vnm_guarded {
	const char *root, *run;
	int run_fd;
	const char *name, *bridge, *uplink;
	struct vnm_guard guard;
};

int vnm_guard_start(const struct vnm_guarded *guarded, struct vnm_error *err);

#endif
