/* SPDX-License-Identifier: GPL-2.0-or-later */
/* event.c - events: their types and contents. */
#include "watch/event.h"

#include <assert.h>
#include <stdlib.h>

#include "util/mem.h"

const char *const vnm_event_names[] = {
	[VNM_EVENT_LIFECYCLE] = "lifecycle",
	[VNM_EVENT_METADATA_CHANGE] = "metadata-change",
	[VNM_EVENT_HEALTH] = "health",
};
static_assert(VNM_ARRAY_SIZE(vnm_event_names) == VNM_EVENT_TYPE_COUNT, "one word per type");

/** vnm_event_clear() - free what an event holds; reusable afterwards. */
void vnm_event_clear(struct vnm_event *event)
{
	free(event->network);
	free(event->detail);
	*event = (struct vnm_event){ 0 };
}
