/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watch.c - events of networks: opening a watch, waiting, handing out events.
 *
 * Theory of operation. Files of ours are replaced by rename, and journals appended to, so the queue of inotify events
 * of two directories is the history of all networks, in order and without gaps, and every step of it is an
 * event (watch_files.c). When the queue overflows, the directories are compared with the recorded state. The
 * health of a network has no such history: it is checked when something suggests that it might
 * have changed (watch_health.c).
 */
#include "watch/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "run/hook_process.h"
#include "state/owner.h"
#include "state/public_read.h"
#include "sys/netlink/link_watch.h"
#include "util/dir.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/poll.h"
#include "watch/watch_files.h"
#include "watch/watch_health.h"
#include "watch/watch_metadata.h"

#define PERSISTENT_MASK (IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_CLOSE_WRITE)
#define LIVE_MASK (PERSISTENT_MASK | IN_MODIFY)

static bool take_event(struct vnm_watch *watch, struct vnm_event *ret)
{
	if (watch->n_events == 0)
		return false;
	*ret = watch->events[0];
	watch->n_events--;
	memmove(watch->events, watch->events + 1, watch->n_events * sizeof(*watch->events));
	return true;
}

static int watch_dir(struct vnm_watch *watch, struct vnm_store *dir, mode_t mode, uint32_t mask,
		     int *ret_wd, struct vnm_error *err)
{
	vnm_autoclose int parent = -1;

	dir->fd = watch->paths.public ? vnm_open(AT_FDCWD, dir->path, O_RDONLY | O_DIRECTORY, 0)
				      : vnm_dir_open(dir->path, mode, err);
	if (dir->fd < 0)
		return dir->fd;
	*ret_wd = vnm_inotify_add(&watch->in, dir->fd, mask);
	/* An open directory reports no event for its own removal; its parent does. */
	parent = openat(dir->fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (*ret_wd >= 0 && parent >= 0)
		(void)vnm_inotify_add(&watch->in, parent, IN_DELETE | IN_MOVED_FROM);
	if (*ret_wd >= 0)
		return 0;
	return vnm_error_set(err, VNM_ERR_SYSTEM, -*ret_wd, "cannot watch '%s': %s%s", dir->path,
			     strerror(-*ret_wd),
			     *ret_wd == -ENOSPC ? "; raise fs.inotify.max_user_watches" : "");
}

static int check_owner(struct vnm_watch *watch, struct vnm_error *err)
{
	enum vnm_ownership ownership;
	struct vnm_owner owner;
	int r = vnm_owner_look(watch->live.fd, &watch->paths, &ownership, &owner, err);

	if (r == 0 && ownership == VNM_OWNER_ELSE)
		r = vnm_owner_refuse(&watch->paths, &owner, err);
	return r;
}

static int open_all(struct vnm_watch *watch, struct vnm_error *err)
{
	int r = vnm_inotify_open(&watch->in);

	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot watch directories: %s%s",
				     strerror(-r),
				     r == -EMFILE ? "; raise fs.inotify.max_user_instances" : "");
	r = watch_dir(watch, &watch->persistent, 0700, PERSISTENT_MASK, &watch->persistent_wd, err);
	if (r == 0)
		r = watch_dir(watch, &watch->live, 0755, LIVE_MASK, &watch->live_wd, err);
	if (r == -EACCES || r == -EPERM)
		return vnm_driver_ask_for_root(r, err);
	if (r == 0)
		r = check_owner(watch, err);
	if (r == 0 && vnm_watch_wants(watch, VNM_EVENT_HEALTH)) {
		watch->link_fd = vnm_link_watch_open(err);
		r = watch->link_fd < 0 ? watch->link_fd : 0;
	}
	return r < 0 ? r : vnm_watch_survey(watch, false, err);
}

static void set_paths(struct vnm_watch *watch)
{
	watch->persistent.path = watch->paths.config;
	watch->live.path = watch->paths.run;
}

static void close_all(struct vnm_watch *watch)
{
	vnm_inotify_close(&watch->in);
	vnm_cleanup_close(&watch->persistent.fd);
	vnm_cleanup_close(&watch->live.fd);
	vnm_cleanup_close(&watch->link_fd);
}

/* What is missing of networks, it does not say. Return: 0; -errno, with @err as it was if there is none for us. */
static int open_public(struct vnm_watch *watch, struct vnm_error *err)
{
	struct vnm_error ignored = { 0 };
	bool healthy = vnm_watch_wants(watch, VNM_EVENT_HEALTH);
	int r;

	close_all(watch);
	vnm_public_paths(&watch->paths);
	set_paths(watch);
	watch->types &= ~(1u << VNM_EVENT_HEALTH);
	r = open_all(watch, &ignored);
	if (r < 0 || !healthy)
		return r;
	if (!watch->types)
		return vnm_error_set(err, VNM_ERR_PERMISSION, EPERM,
				     "what is missing of networks, only root can see: sudo vnetmgr "
				     "net-event --event health");
	vnm_watch_warn(watch, "events of the type 'health' are left out: what is missing of "
			      "networks, only root can see");
	return 0;
}

/**
 * vnm_watch_open() - begin to watch: no later event is missed
 * @options: what to watch; the strings are copied
 * @ret:     for vnm_autowatch
 * @err:     set on failure: VNM_ERR_PERMISSION, VNM_ERR_SYSTEM
 *
 * Makes the state directories when they are missing, as vnm_driver_open() does; takes no lock. With @options->public, and
 * without the right to read the state, it watches the public summary, which each command brings up to date at its end.
 *
 * Return: 0 or -errno.
 */
int vnm_watch_open(const struct vnm_watch_options *options, struct vnm_watch **ret,
		   struct vnm_error *err)
{
	vnm_autowatch struct vnm_watch *watch = vnm_alloc(sizeof(*watch));
	int r;

	watch->in.fd = watch->persistent.fd = watch->live.fd = watch->link_fd = -1;
	watch->retry_ms = -1;
	watch->types = options->types;
	watch->report = options->report;
	watch->network = options->network ? vnm_strdup(options->network) : NULL;
	vnm_paths_init(&watch->paths, options->root);
	vnm_paths_find_old(&watch->paths);
	set_paths(watch);
	r = vnm_hook_check_caller(err);
	if (r == 0)
		r = vnm_paths_check(&watch->paths, options->root, err);
	if (r == 0)
		r = open_all(watch, err);
	if (r < 0 && options->public && err->code == VNM_ERR_PERMISSION)
		r = open_public(watch, err);
	if (r < 0)
		return r;
	vnm_watch_look(watch);
	*ret = vnm_steal(&watch);
	return 0;
}

/** vnm_cleanup_watch() - for vnm_autowatch: stop watching. *@ref may be NULL. */
void vnm_cleanup_watch(struct vnm_watch **ref)
{
	struct vnm_watch *watch = *ref;

	if (!watch)
		return;
	for (size_t i = 0; i < watch->n_nets; i++)
		vnm_watched_clear(&watch->nets[i]);
	free(watch->nets);
	for (size_t i = 0; i < watch->n_events; i++)
		vnm_event_clear(&watch->events[i]);
	free(watch->events);
	vnm_watch_new_command(watch);
	close_all(watch);
	vnm_paths_clear(&watch->paths);
	free(watch->moved_from);
	free(watch->network);
	free(watch);
}

/* The descriptors to poll, in one array: the three permanent ones, and the pidfds of dnsmasq. */
static struct pollfd *gather_fds(const struct vnm_watch *watch, int stop_fd, size_t *ret_n)
{
	struct pollfd *fds = vnm_alloc((3 + watch->n_nets) * sizeof(*fds));
	size_t n = 3;

	fds[0] = (struct pollfd){ .fd = watch->in.fd, .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = watch->link_fd, .events = POLLIN };
	fds[2] = (struct pollfd){ .fd = stop_fd, .events = POLLIN };
	for (size_t i = 0; i < watch->n_nets; i++)
		fds[n++] = (struct pollfd){ .fd = watch->nets[i].pidfd, .events = POLLIN };
	*ret_n = n;
	return fds;
}

static void mark_dead(struct vnm_watch *watch, const struct pollfd *fds)
{
	for (size_t i = 0; i < watch->n_nets; i++) {
		if (!fds[i].revents)
			continue;
		watch->nets[i].look = true;
		vnm_cleanup_close(&watch->nets[i].pidfd);
	}
}

/* Waits once, and reads all that is available. Return: 1; 0 on timeout; -errno. */
static int wait_once(struct vnm_watch *watch, int stop_fd, int64_t deadline_ms,
		     struct vnm_error *err)
{
	int64_t until = watch->retry_ms;
	size_t n;
	vnm_autofree struct pollfd *fds = gather_fds(watch, stop_fd, &n);
	int ready, r;

	if (until < 0 || (deadline_ms >= 0 && deadline_ms < until))
		until = deadline_ms;
	ready = vnm_poll_until(fds, n, until);
	if (ready < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -ready, "cannot wait for events: %s",
				     strerror(-ready));
	watch->stopping = fds[2].revents != 0;
	mark_dead(watch, fds + 3);
	r = vnm_watch_files(watch, err);
	if (r == 0 && fds[1].revents)
		r = vnm_watch_links(watch, err);
	if (r < 0)
		return r;
	vnm_watch_look(watch);
	return ready > 0 || deadline_ms < 0 || vnm_now_ms() < deadline_ms;
}

/**
 * vnm_watch_next() - wait for an event
 * @watch:       the watch
 * @stop_fd:     ends the wait when it is readable; -1: none
 * @deadline_ms: timeout, on the clock of vnm_now_ms(); negative: none
 * @ret:         the event, to be freed with vnm_event_clear()
 * @err:         set on failure
 *
 * Events from before @stop_fd became readable are handed out first.
 *
 * Return: VNM_WATCH_EVENT, _TIMEOUT, _STOPPED; or -errno.
 */
int vnm_watch_next(struct vnm_watch *watch, int stop_fd, int64_t deadline_ms, struct vnm_event *ret,
		   struct vnm_error *err)
{
	int r;

	for (;;) {
		if (take_event(watch, ret))
			return VNM_WATCH_EVENT;
		if (watch->stopping) {
			watch->stopping = false;
			return VNM_WATCH_STOPPED;
		}
		r = wait_once(watch, stop_fd, deadline_ms, err);
		if (r < 0)
			return r;
		if (r == 0 && watch->n_events == 0)
			return VNM_WATCH_TIMEOUT;
	}
}
