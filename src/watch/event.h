/* SPDX-License-Identifier: GPL-2.0-or-later */
/* event.h - events: their types and contents. */
#ifndef VNM_WATCH_EVENT_H
#define VNM_WATCH_EVENT_H

#include "util/parse.h"

enum vnm_event_type {
	VNM_EVENT_LIFECYCLE,
	VNM_EVENT_METADATA_CHANGE,
	VNM_EVENT_HEALTH,
	VNM_EVENT_TYPE_COUNT
};

extern const char *const vnm_event_names[VNM_EVENT_TYPE_COUNT];

enum vnm_event_what {
	VNM_EVENT_DEFINED, /* VNM_EVENT_LIFECYCLE: the persistent definition was written, for the first time or again */
	VNM_EVENT_UNDEFINED,
	VNM_EVENT_STARTED,
	VNM_EVENT_STOPPED,
	VNM_EVENT_TITLE, /* VNM_EVENT_METADATA_CHANGE */
	VNM_EVENT_DESCRIPTION,
	VNM_EVENT_ELEMENT, /* @detail is its namespace */
	VNM_EVENT_WHOLE, /* VNM_EVENT_HEALTH */
	VNM_EVENT_DEGRADED, /* @detail: what is missing */
	VNM_EVENT_WHAT_COUNT
};

/**
 * struct vnm_event - zero-initialise; free with vnm_event_clear().
 * @uuid:   the network's, of an undefined one as well; not set if its definition could never be read
 * @detail: NULL unless stated above
 */
struct vnm_event {
	enum vnm_event_type type;
	enum vnm_event_what what;
	char *network;
	struct vnm_uuid uuid;
	char *detail;
};

void vnm_event_clear(struct vnm_event *event);
#define vnm_autoevent __attribute__((cleanup(vnm_event_clear)))

#endif
