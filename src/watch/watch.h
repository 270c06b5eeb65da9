/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watch.h - events of networks, reported as they happen, whoever causes them.
 *
 * There is no daemon to report them; the state directories and the kernel do. A watch holds no lock while it waits.
 */
#ifndef VNM_WATCH_WATCH_H
#define VNM_WATCH_WATCH_H

#include <stdint.h>

#include "state/session.h"
#include "util/error.h"
#include "watch/emit.h"
#include "watch/event.h"

/**
 * struct vnm_watch_options - what to watch.
 * @root:    NULL: the system's directories
 * @network: a name; NULL: all networks, including later ones
 * @types:   bits: 1 << VNM_EVENT_LIFECYCLE ...
 * @report:  where warnings go
 * @public:  where the state is root's, the public summary will do
 */
struct vnm_watch_options {
	const char *root, *network;
	unsigned types;
	struct vnm_report report;
	bool public;
};

enum vnm_watch_end { VNM_WATCH_TIMEOUT, VNM_WATCH_EVENT, VNM_WATCH_STOPPED };

int vnm_watch_open(const struct vnm_watch_options *options, struct vnm_watch **ret,
		   struct vnm_error *err);
int vnm_watch_next(struct vnm_watch *watch, int stop_fd, int64_t deadline_ms, struct vnm_event *ret,
		   struct vnm_error *err);
void vnm_cleanup_watch(struct vnm_watch **ref);
#define vnm_autowatch __attribute__((cleanup(vnm_cleanup_watch)))

#endif
