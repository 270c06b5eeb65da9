/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watch.h - what happens to networks, told as it happens, whoever does it.
 *
 * There is no daemon that could tell; the state directories and the kernel do. A watch holds no lock while it waits.
 */
#ifndef VNM_RUN_WATCH_H
#define VNM_RUN_WATCH_H

#include <stdint.h>

#include "driver/driver.h"
#include "util/error.h"

enum vnm_event_type {
	VNM_EVENT_LIFECYCLE,
	VNM_EVENT_METADATA_CHANGE,
	VNM_EVENT_HEALTH,
	VNM_EVENT_TYPE_COUNT
};

extern const char *const vnm_event_names[VNM_EVENT_TYPE_COUNT];

enum vnm_event_what {
	VNM_EVENT_DEFINED, /* VNM_EVENT_LIFECYCLE: the kept definition was written, for the first time or again */
	VNM_EVENT_UNDEFINED,
	VNM_EVENT_STARTED,
	VNM_EVENT_STOPPED,
	VNM_EVENT_TITLE, /* VNM_EVENT_METADATA_CHANGE */
	VNM_EVENT_DESCRIPTION,
	VNM_EVENT_ELEMENT, /* @detail is its namespace */
	VNM_EVENT_WHOLE, /* VNM_EVENT_HEALTH */
	VNM_EVENT_DEGRADED, /* @detail says what is missing */
	VNM_EVENT_WHAT_COUNT
};

/** struct vnm_event - zero-initialise; free with vnm_event_clear(). @detail: NULL unless noted above. */
struct vnm_event {
	enum vnm_event_type type;
	enum vnm_event_what what;
	char *network, *detail;
};

void vnm_event_clear(struct vnm_event *event);
#define vnm_autoevent __attribute__((cleanup(vnm_event_clear)))

/**
 * struct vnm_watch_options - what is of interest.
 * @root:    NULL: the system's directories
 * @network: a name; NULL: all networks, also those to come
 * @types:   bits: 1 << VNM_EVENT_LIFECYCLE ...
 * @report:  where warnings go
 */
struct vnm_watch_options {
	const char *root, *network;
	unsigned types;
	struct vnm_report report;
};

enum vnm_watch_end { VNM_WATCH_TIMEOUT, VNM_WATCH_EVENT, VNM_WATCH_STOPPED };

struct vnm_watch;

int vnm_watch_open(const struct vnm_watch_options *options, struct vnm_watch **ret,
		   struct vnm_error *err);
int vnm_watch_next(struct vnm_watch *watch, int stop_fd, int64_t deadline_ms, struct vnm_event *ret,
		   struct vnm_error *err);
void vnm_watch_close(struct vnm_watch *watch);
void vnm_cleanup_watch(struct vnm_watch **watch);
#define vnm_autowatch __attribute__((cleanup(vnm_cleanup_watch)))

#endif
