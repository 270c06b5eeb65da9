/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watch_metadata.c - changes of title, description and metadata, found by comparing definitions.
 *
 * Of several changes in quick succession, only the last may be seen. A command that changes the persistent
 * definition and the live one alike causes one event.
 */
#include "watch/watch_metadata.h"

#include <stdlib.h>
#include <string.h>

#include "util/mem.h"
#include "xml/metadata.h"

/** vnm_seen_metadata_clear() - clear the recorded metadata of a definition. */
void vnm_seen_metadata_clear(struct vnm_seen_metadata *seen)
{
	free(seen->title);
	free(seen->description);
	free(seen->metadata);
	*seen = (struct vnm_seen_metadata){ 0 };
}

/** vnm_watch_new_command() - later events are another command's. */
void vnm_watch_new_command(struct vnm_watch *watch)
{
	for (size_t i = 0; i < watch->n_emitted; i++) {
		free(watch->emitted[i].network);
		free(watch->emitted[i].uri);
	}
	free(watch->emitted);
	watch->emitted = NULL;
	watch->n_emitted = 0;
}

static bool equal(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/* Once for each command. */
static void emit(struct vnm_watch *watch, const struct vnm_watched *net, enum vnm_event_what what,
		 const char *uri)
{
	for (size_t i = 0; i < watch->n_emitted; i++)
		if (watch->emitted[i].what == what && equal(watch->emitted[i].uri, uri) &&
		    equal(watch->emitted[i].network, net->name))
			return;
	watch->emitted = vnm_array_add(watch->emitted, &watch->n_emitted, sizeof(*watch->emitted));
	watch->emitted[watch->n_emitted - 1] = (struct vnm_emitted){
		vnm_strdup(net->name),
		uri ? vnm_strdup(uri) : NULL,
		what,
	};
	vnm_watch_emit(watch, net, what, uri);
}

static void compare_elements(struct vnm_watch *watch, const struct vnm_watched *net,
			     const char *old, const char *new)
{
	struct vnm_metadata_part *before, *after;
	size_t n_before, n_after;

	vnm_metadata_split(old, &before, &n_before);
	vnm_metadata_split(new, &after, &n_after);
	for (size_t i = 0; i < n_before; i++)
		if (!vnm_metadata_find(after, n_after, before[i].uri))
			emit(watch, net, VNM_EVENT_ELEMENT, before[i].uri);
	for (size_t i = 0; i < n_after; i++)
		if (!equal(vnm_metadata_find(before, n_before, after[i].uri), after[i].text))
			emit(watch, net, VNM_EVENT_ELEMENT, after[i].uri);
	vnm_metadata_parts_free(before, n_before);
	vnm_metadata_parts_free(after, n_after);
}

/**
 * vnm_watch_metadata() - report what a new definition has changed of the metadata
 * @watch: the watch
 * @net:   the network
 * @now:   the definition, of which the metadata is taken; without a name: it could not be read, and @seen stays as it is
 * @seen:  the recorded metadata; updated
 * @tell:  emit the differences as events
 */
void vnm_watch_metadata(struct vnm_watch *watch, const struct vnm_watched *net,
			struct vnm_network *now, struct vnm_seen_metadata *seen, bool tell)
{
	if (!vnm_watch_wants(watch, VNM_EVENT_METADATA_CHANGE) || !now->name)
		return;
	if (tell && seen->known) {
		if (!equal(seen->title, now->title))
			emit(watch, net, VNM_EVENT_TITLE, NULL);
		if (!equal(seen->description, now->description))
			emit(watch, net, VNM_EVENT_DESCRIPTION, NULL);
		if (!equal(seen->metadata, now->metadata))
			compare_elements(watch, net, seen->metadata, now->metadata);
	}
	vnm_seen_metadata_clear(seen);
	seen->known = true;
	seen->title = vnm_steal(&now->title);
	seen->description = vnm_steal(&now->description);
	seen->metadata = vnm_steal(&now->metadata);
}
