/* SPDX-License-Identifier: GPL-2.0-or-later */
/* emit.h - the recorded state of networks, and the events that follow from it. */
#ifndef VNM_WATCH_EMIT_H
#define VNM_WATCH_EMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "state/paths.h"
#include "state/session.h"
#include "state/store.h"
#include "util/inotify.h"
#include "watch/event.h"

/** enum vnm_life - the state of a network by its journal. */
enum vnm_life {
	VNM_LIFE_NONE,
	VNM_LIFE_STARTING,
	VNM_LIFE_ACTIVE, /* until the journal is gone */
};

/** struct vnm_seen_metadata - of one definition; @known: it existed and could be read. */
struct vnm_seen_metadata {
	bool known;
	char *title, *description, *metadata;
};

/** struct vnm_file_id - identifies a file; a replaced one has another. */
struct vnm_file_id {
	ino_t ino;
	struct timespec changed;
};

/** struct vnm_watched_link - a device of a network. */
struct vnm_watched_link {
	char *name;
	unsigned index;
};

enum vnm_wholeness { VNM_HEALTH_UNKNOWN, VNM_HEALTH_WHOLE, VNM_HEALTH_DEGRADED };

/**
 * struct vnm_watched - one network.
 * @uuid:    of the definition that was read last
 * @defined: it has a persistent definition, last seen as @file
 * @shown:   with the public summary: the definition, but for title and description
 * @missing: what it lacks, if degraded
 * @look:    its health is to be checked
 * @pidfd:   of its dnsmasq, or -1
 */
struct vnm_watched {
	char *name;
	struct vnm_uuid uuid;
	bool defined;
	struct vnm_file_id file;
	enum vnm_life life;
	struct vnm_seen_metadata persistent, live;
	enum vnm_wholeness health;
	char *missing, *shown;
	bool look;
	int pidfd;
	struct vnm_watched_link *links;
	size_t n_links;
};

/** struct vnm_emitted - a metadata-change already emitted for the command at work. */
struct vnm_emitted {
	char *network, *uri;
	enum vnm_event_what what;
};

/**
 * struct vnm_watch - see watch.h
 * @events:     those not handed out yet
 * @moved_from: the old name of the last file moved, identified by @cookie
 * @retry_ms:   when to try again to check the health of networks; -1: not at all
 */
struct vnm_watch {
	struct vnm_paths paths;
	struct vnm_report report;
	char *network;
	unsigned types;
	struct vnm_store persistent, live;
	struct vnm_inotify in;
	int persistent_wd, live_wd, link_fd;
	struct vnm_watched *nets;
	size_t n_nets;
	struct vnm_event *events;
	size_t n_events;
	char *moved_from;
	uint32_t cookie;
	struct vnm_emitted *emitted;
	size_t n_emitted;
	int64_t retry_ms;
	bool stopping;
};

void vnm_watch_warn(struct vnm_watch *watch, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
bool vnm_watch_wants(const struct vnm_watch *watch, enum vnm_event_type type);
void vnm_watch_emit(struct vnm_watch *watch, const struct vnm_watched *net,
		    enum vnm_event_what what, const char *detail);

#endif
