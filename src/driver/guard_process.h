/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guard_process.h - a process of its own that restores a host's uplink when nobody confirms that the host is still in reach.
 *
 * It is on record as RUN/NETWORK.guard before anything is changed. As long as that names it, it waits; when the record
 * goes, or names another, it ends. One that was killed is found by its record, and the next command does its work.
 */
#ifndef VNM_DRIVER_GUARD_PROCESS_H
#define VNM_DRIVER_GUARD_PROCESS_H

#include "state/guard_record.h"
#include "util/error.h"

/**
 * struct vnm_guarded - what is guarded, and how.
 * @root:    of the directories, NULL: the system's
 * @run:     the run directory, @run_fd the same
 * @name:    the network
 * @bridge:  its bridge
 * @seconds: how long
 * @automatic: an answer of the gateway is confirmation enough
 */
struct vnm_guarded {
	const char *root, *run;
	int run_fd;
	const char *name, *bridge;
	struct vnm_guard guard;
};

int vnm_guard_start(const struct vnm_guarded *guarded, struct vnm_error *err);

#endif
