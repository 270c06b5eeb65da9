/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watch_files.c - from events of files to events of networks.
 *
 *   NAME.xml in the directory of definitions: created = defined; NAME.xml.pending renamed to it = changed in part
 *   (vnm_store_amend()), or, if there was no NAME.xml, renamed; removed = undefined
 *   NAME.journal in the run directory: created = starting; then appended to = started, or later stopping;
 *   removed = stopped, if it had started; NAME.journal.pending renamed to it = changed
 *   lock: written to = a command begins; closed by a writer = it has ended
 *
 * In the public summary (state/public.c) files are replaced when a command has ended: a NAME.journal that comes = started.
 *
 * Only a difference from the recorded state causes an event. So an inotify event for something that a survey has
 * covered already reports nothing twice.
 */
#include "watch/watch_files.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "state/pending.h"
#include "state/public.h"
#include "util/mem.h"
#include "util/poll.h"
#include "util/proc.h"
#include "watch/watch_health.h"
#include "watch/watch_metadata.h"
#include "xml/network_xml.h"

/** vnm_watched_clear() - free the recorded state of a network. */
void vnm_watched_clear(struct vnm_watched *net)
{
	vnm_watch_forget_health(net);
	vnm_seen_metadata_clear(&net->persistent);
	vnm_seen_metadata_clear(&net->live);
	free(net->shown);
	free(net->name);
}

#define SURVEY_TRIES 16

static struct vnm_watched *find_watched(const struct vnm_watch *watch, const char *name)
{
	for (size_t i = 0; i < watch->n_nets; i++)
		if (!strcmp(watch->nets[i].name, name))
			return &watch->nets[i];
	return NULL;
}

/* The network of a @file called NAME@suffix, added if it is new. NULL: none, or one not watched. */
static struct vnm_watched *network_of(struct vnm_watch *watch, const char *file, const char *suffix)
{
	vnm_autofree char *name = vnm_store_name_of(file, suffix);
	struct vnm_watched *net;

	if (!name || (watch->network && strcmp(watch->network, name) != 0))
		return NULL;
	net = find_watched(watch, name);
	if (net)
		return net;
	watch->nets = vnm_array_add(watch->nets, &watch->n_nets, sizeof(*watch->nets));
	net = &watch->nets[watch->n_nets - 1];
	*net = (struct vnm_watched){ .name = vnm_steal(&name), .pidfd = -1 };
	return net;
}

/* Did the renamed file have this suffix? */
static bool came_from(const struct vnm_watch *watch, const struct inotify_event *event,
		      const char *suffix)
{
	size_t tail = strlen(suffix), len;

	if (!(event->mask & IN_MOVED_TO) || !watch->moved_from || event->cookie != watch->cookie)
		return false;
	len = strlen(watch->moved_from);
	return len > tail && !strcmp(watch->moved_from + len - tail, suffix);
}

/* ---- definitions ---- */

/* Return: whether there is a file. */
static bool identify(const struct vnm_store *store, const char *name, struct vnm_file_id *ret)
{
	vnm_autofree char *file = vnm_asprintf("%s.xml", name);
	struct stat st;

	if (fstatat(store->fd, file, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return false;
	*ret = (struct vnm_file_id){ st.st_ino, st.st_ctim };
	return true;
}

/* Reads a definition, unless it is damaged or gone again, and remembers the UUID. */
static void read_definition(const struct vnm_store *store, struct vnm_watched *net,
			    struct vnm_network *ret)
{
	struct vnm_error ignored = { 0 };

	if (vnm_store_load(store, net->name, ret, &ignored) == 0)
		net->uuid = ret->uuid;
}

/*
 * The public summary does not say how a definition was changed: if all that it shows is the same but the texts, it is amended.
 * Return: is it so?
 */
static bool only_texts(const struct vnm_watch *watch, struct vnm_watched *net,
		       const struct vnm_network *now)
{
	struct vnm_network shown = *now;
	vnm_autobuf struct vnm_buf text = { 0 };
	bool same;

	if (!watch->paths.public || !now->name)
		return false;
	shown.title = shown.description = NULL;
	vnm_network_xml_format(&shown, &text);
	same = net->shown && !strcmp(net->shown, vnm_buf_str(&text));
	free(net->shown);
	net->shown = vnm_buf_steal(&text);
	return same;
}

static void defined(struct vnm_watch *watch, struct vnm_watched *net, bool tell)
{
	vnm_autonetwork struct vnm_network now = { 0 };
	bool again = net->defined;

	net->defined = true;
	(void)identify(&watch->persistent, net->name, &net->file);
	read_definition(&watch->persistent, net, &now);
	if (!only_texts(watch, net, &now) && tell)
		vnm_watch_emit(watch, net, VNM_EVENT_DEFINED, NULL);
	vnm_watch_metadata(watch, net, &now, &net->persistent, tell && again);
}

static void amended(struct vnm_watch *watch, struct vnm_watched *net)
{
	vnm_autonetwork struct vnm_network now = { 0 };

	(void)identify(&watch->persistent, net->name, &net->file);
	read_definition(&watch->persistent, net, &now);
	vnm_watch_metadata(watch, net, &now, &net->persistent, true);
}

static void undefined(struct vnm_watch *watch, struct vnm_watched *net)
{
	if (net->defined)
		vnm_watch_emit(watch, net, VNM_EVENT_UNDEFINED, NULL);
	net->defined = false;
	vnm_seen_metadata_clear(&net->persistent);
	free(net->shown);
	net->shown = NULL;
}

static void kept_changed(struct vnm_watch *watch, const struct inotify_event *event)
{
	struct vnm_watched *net = network_of(watch, event->name, ".xml");

	if (net && net->defined && came_from(watch, event, VNM_PENDING))
		amended(watch, net);
	else if (net && (event->mask & (IN_MOVED_TO | IN_CLOSE_WRITE)))
		defined(watch, net, true);
	else if (net && (event->mask & (IN_MOVED_FROM | IN_DELETE)))
		undefined(watch, net);
}

/* ---- the run directory ---- */

static void started(struct vnm_watch *watch, struct vnm_watched *net, bool tell)
{
	if (tell && net->life != VNM_LIFE_ACTIVE)
		vnm_watch_emit(watch, net, VNM_EVENT_STARTED, NULL);
	/* A network that has just started is whole; the health of one that is found active is yet to be checked. */
	if (net->life != VNM_LIFE_ACTIVE)
		net->health = tell ? VNM_HEALTH_WHOLE : VNM_HEALTH_UNKNOWN;
	net->life = VNM_LIFE_ACTIVE;
	net->look = true;
}

static void stopped(struct vnm_watch *watch, struct vnm_watched *net)
{
	if (net->life == VNM_LIFE_ACTIVE)
		vnm_watch_emit(watch, net, VNM_EVENT_STOPPED, NULL);
	net->life = VNM_LIFE_NONE;
	vnm_watch_forget_health(net);
	vnm_seen_metadata_clear(&net->live);
}

static void journal_changed(struct vnm_watch *watch, struct vnm_watched *net,
			    const struct inotify_event *event)
{
	if (event->mask & (IN_DELETE | IN_MOVED_FROM)) {
		stopped(watch, net);
	} else if (came_from(watch, event, VNM_PENDING)) {
		net->look = true;
	} else if (event->mask & IN_MOVED_TO) {
		stopped(watch, net);
		net->life = VNM_LIFE_STARTING;
	} else if ((event->mask & IN_MODIFY) && net->life == VNM_LIFE_STARTING) {
		started(watch, net, true);
	}
}

static enum vnm_life life_of(const struct vnm_watch *watch, const char *name)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	struct vnm_error ignored = { 0 };
	char boot_id[VNM_UUID_STRLEN] = "";

	if (vnm_journal_read(watch->live.fd, name, false, &journal, &ignored) < 0)
		return VNM_LIFE_NONE;
	(void)vnm_boot_id(boot_id);
	if (strcmp(journal.boot_id, boot_id) != 0)
		return VNM_LIFE_NONE;
	return journal.state == VNM_JOURNAL_STARTING ? VNM_LIFE_STARTING : VNM_LIFE_ACTIVE;
}

/* The public summary has it when the command has ended, without its past. */
static void public_journal_changed(struct vnm_watch *watch, struct vnm_watched *net)
{
	if (life_of(watch, net->name) == VNM_LIFE_ACTIVE)
		started(watch, net, true);
	else
		stopped(watch, net);
}

/* A command that changes something holds the lock, and writes its name into it first. */
static void lock_changed(struct vnm_watch *watch, const struct inotify_event *event)
{
	if (event->mask & IN_MODIFY)
		vnm_watch_new_command(watch);
	if (!(event->mask & IN_CLOSE_WRITE))
		return;
	/* It may have been a repair, which leaves no other trace. */
	for (size_t i = 0; i < watch->n_nets; i++)
		watch->nets[i].look |= watch->nets[i].health == VNM_HEALTH_DEGRADED;
}

static void live_defined(struct vnm_watch *watch, struct vnm_watched *net, bool tell)
{
	vnm_autonetwork struct vnm_network now = { 0 };

	read_definition(&watch->live, net, &now);
	vnm_watch_metadata(watch, net, &now, &net->live, tell);
}

static void live_changed(struct vnm_watch *watch, const struct inotify_event *event)
{
	struct vnm_watched *net;

	if (!strcmp(event->name, "lock")) {
		lock_changed(watch, event);
	} else if ((net = network_of(watch, event->name, ".journal"))) {
		if (watch->paths.public)
			public_journal_changed(watch, net);
		else
			journal_changed(watch, net, event);
	} else if ((event->mask & IN_MOVED_TO) && (net = network_of(watch, event->name, ".xml"))) {
		live_defined(watch, net, net->life == VNM_LIFE_ACTIVE);
	}
}

/* ---- comparing everything ---- */

/* Records every network that has a file of this kind. */
static int meet(struct vnm_watch *watch, const struct vnm_store *store, const char *suffix,
		struct vnm_error *err)
{
	char **names;
	size_t n;
	int r = vnm_store_names(store, suffix, &names, &n, err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++) {
		vnm_autofree char *file = vnm_asprintf("%s%s", names[i], suffix);

		(void)network_of(watch, file, suffix);
	}
	vnm_names_free(names, n);
	return 0;
}

static void survey_kept(struct vnm_watch *watch, bool tell)
{
	for (size_t i = 0; i < watch->n_nets; i++) {
		struct vnm_watched *net = &watch->nets[i];
		struct vnm_file_id id = { 0 };

		if (!identify(&watch->persistent, net->name, &id))
			undefined(watch, net);
		else if (!net->defined || id.ino != net->file.ino ||
			 id.changed.tv_sec != net->file.changed.tv_sec ||
			 id.changed.tv_nsec != net->file.changed.tv_nsec)
			defined(watch, net, tell);
	}
}

static void survey_live(struct vnm_watch *watch, bool tell)
{
	for (size_t i = 0; i < watch->n_nets; i++) {
		struct vnm_watched *net = &watch->nets[i];
		enum vnm_life life = life_of(watch, net->name);

		if (life == VNM_LIFE_ACTIVE) {
			live_defined(watch, net, tell && net->life == VNM_LIFE_ACTIVE);
			started(watch, net, tell);
		} else {
			stopped(watch, net);
			net->life = life;
		}
	}
}

/* The survey that follows covers all queued events. */
static int discard_events(struct vnm_watch *watch, struct vnm_error *err)
{
	const struct inotify_event *event;
	int r;

	while ((r = vnm_inotify_next(&watch->in, &event)) > 0)
		;
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot read file events: %s",
				     strerror(-r));
	return 0;
}

/**
 * vnm_watch_survey() - compare all networks with their recorded state
 * @watch: the watch
 * @tell:  emit the differences as events
 * @err:   set on failure
 *
 * Repeats when anything happened meanwhile; but with a limit, since an event that is reported twice does less harm
 * than none.
 *
 * Return: 0 or -errno.
 */
int vnm_watch_survey(struct vnm_watch *watch, bool tell, struct vnm_error *err)
{
	struct pollfd fd = { .fd = watch->in.fd, .events = POLLIN };
	int r = 0;

	for (int i = 0; r == 0 && i < SURVEY_TRIES; i++) {
		r = discard_events(watch, err);
		if (r == 0)
			r = meet(watch, &watch->persistent, ".xml", err);
		if (r == 0)
			r = meet(watch, &watch->live, ".journal", err);
		if (r < 0)
			break;
		survey_kept(watch, tell);
		survey_live(watch, tell);
		if (vnm_poll_until(&fd, 1, 0) == 0)
			break;
	}
	return r;
}

/* ---- events ---- */

static int check_there(const struct vnm_store *store, struct vnm_error *err)
{
	struct stat here, there;

	if (fstat(store->fd, &here) == 0 && stat(store->path, &there) == 0 &&
	    here.st_ino == there.st_ino && here.st_dev == there.st_dev)
		return 0;
	return vnm_error_set(err, VNM_ERR_STATE, ENOENT,
			     "'%s' was removed or renamed while it was watched", store->path);
}

static int handle(struct vnm_watch *watch, const struct inotify_event *event, struct vnm_error *err)
{
	int r = 0;

	if (event->mask & IN_Q_OVERFLOW) {
		r = vnm_watch_survey(watch, true, err);
	} else if (event->len && event->wd == watch->persistent_wd) {
		kept_changed(watch, event);
	} else if (event->len && event->wd == watch->live_wd) {
		live_changed(watch, event);
	} else {
		/* That of the public summary: with it the traces of a command end. */
		if (event->len && !strcmp(event->name, VNM_PUBLIC_CHANGING))
			vnm_watch_new_command(watch);
		r = check_there(&watch->persistent, err);
		return r < 0 ? r : check_there(&watch->live, err);
	}
	if (event->mask & IN_MOVED_FROM) {
		free(watch->moved_from);
		watch->moved_from = vnm_strdup(event->name);
		watch->cookie = event->cookie;
	}
	return r;
}

/* Drops networks of which nothing is left. */
static void prune(struct vnm_watch *watch)
{
	size_t n = 0;

	for (size_t i = 0; i < watch->n_nets; i++) {
		struct vnm_watched *net = &watch->nets[i];

		if (net->defined || net->life != VNM_LIFE_NONE)
			watch->nets[n++] = *net;
		else
			vnm_watched_clear(net);
	}
	watch->n_nets = n;
}

/**
 * vnm_watch_files() - process the events of files
 * @watch: the watch
 * @err:   set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_watch_files(struct vnm_watch *watch, struct vnm_error *err)
{
	const struct inotify_event *event;
	int r;

	while ((r = vnm_inotify_next(&watch->in, &event)) > 0) {
		r = handle(watch, event, err);
		if (r < 0)
			return r;
	}
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot read file events: %s",
				     strerror(-r));
	prune(watch);
	return 0;
}
