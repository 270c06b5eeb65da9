/* SPDX-License-Identifier: GPL-2.0-or-later */
/* emit.c - the recorded state of networks, and the events that follow from it. */
#include "watch/emit.h"

#include <assert.h>
#include <stdarg.h>

#include "util/mem.h"

static const enum vnm_event_type types[] = {
	[VNM_EVENT_DEFINED] = VNM_EVENT_LIFECYCLE,
	[VNM_EVENT_UNDEFINED] = VNM_EVENT_LIFECYCLE,
	[VNM_EVENT_STARTED] = VNM_EVENT_LIFECYCLE,
	[VNM_EVENT_STOPPED] = VNM_EVENT_LIFECYCLE,
	[VNM_EVENT_TITLE] = VNM_EVENT_METADATA_CHANGE,
	[VNM_EVENT_DESCRIPTION] = VNM_EVENT_METADATA_CHANGE,
	[VNM_EVENT_ELEMENT] = VNM_EVENT_METADATA_CHANGE,
	[VNM_EVENT_WHOLE] = VNM_EVENT_HEALTH,
	[VNM_EVENT_DEGRADED] = VNM_EVENT_HEALTH,
};
static_assert(VNM_ARRAY_SIZE(types) == VNM_EVENT_WHAT_COUNT, "each has its type");

/** vnm_watch_warn() - report a warning, in one line. */
void vnm_watch_warn(struct vnm_watch *watch, const char *fmt, ...)
{
	vnm_autobuf struct vnm_buf line = { 0 };
	va_list ap;

	va_start(ap, fmt);
	vnm_buf_vprintf(&line, fmt, ap);
	va_end(ap);
	if (watch->report.line)
		watch->report.line(watch->report.data, VNM_REPORT_WARNING, vnm_buf_str(&line));
}

/** vnm_watch_wants() - are events of this type requested? */
bool vnm_watch_wants(const struct vnm_watch *watch, enum vnm_event_type type)
{
	return watch->types & (1u << type);
}

/**
 * vnm_watch_emit() - queue an event, if its type is requested
 * @watch:  the watch
 * @net:    its network
 * @what:   the event
 * @detail: copied; or NULL
 */
void vnm_watch_emit(struct vnm_watch *watch, const struct vnm_watched *net,
		    enum vnm_event_what what, const char *detail)
{
	if (!vnm_watch_wants(watch, types[what]))
		return;
	watch->events = vnm_array_add(watch->events, &watch->n_events, sizeof(*watch->events));
	watch->events[watch->n_events - 1] = (struct vnm_event){
		.type = types[what],
		.what = what,
		.network = vnm_strdup(net->name),
		.uuid = net->uuid,
		.detail = detail ? vnm_strdup(detail) : NULL,
	};
}
