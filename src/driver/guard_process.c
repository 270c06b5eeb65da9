/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guard_process.c - the guard's process; see guard.h. */
#include "driver/guard_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <syslog.h>
#include <unistd.h>

#include "driver/guard_detach.h"
#include "driver/open.h"
#include "driver/results.h"
#include "driver/stop.h"
#include "run/log.h"
#include "state/session.h"
#include "sys/handles.h"
#include "sys/link/neighbour.h"
#include "sys/process/cgroup.h"
#include "sys/uplink/gateway.h"
#include "util/inotify.h"
#include "util/mem.h"
#include "util/poll.h"
#include "util/proc.h"
#include "util/proc_record.h"

#define ASK_MS 3000 /* the kernel gives up on a neighbour after three probes, a second apart */
#define TRIES 10 /* to open the driver, each of which waits for the lock */
#define PAUSE_MS 1000
#define READY_MS 10000 /* normally a millisecond */

/** struct watcher - the running guard. @gateways: read once the network is active; @ask_at: when to probe next. */
struct watcher {
	const struct vnm_guarded *guarded;
	struct vnm_proc_id self;
	struct vnm_inotify in;
	struct vnm_sys sys;
	struct vnm_gateways gateways;
	int news_fd;
	int64_t deadline, ask_at;
};

static bool on_record(int run_fd, const char *name, const struct vnm_proc_id *self)
{
	vnm_autofree char *file = vnm_guard_file(name);
	struct vnm_proc_id id;

	return vnm_proc_record_read(run_fd, file, &id) == 0 && id.pid == self->pid &&
	       id.start == self->start;
}

/* ---- the end of the wait ---- */

static void to_syslog(void *data, enum vnm_report_kind kind, const char *line)
{
	(void)data;
	if (kind == VNM_REPORT_WARNING)
		syslog(LOG_WARNING, "%s", line);
}

static struct vnm_driver *open_driver(const struct vnm_guarded *guarded)
{
	const struct vnm_options options = { .root = guarded->root,
					     .wait = -1,
					     .report = { .line = to_syslog } };
	struct vnm_error err = { 0 };
	struct vnm_driver *driver;

	for (int i = 0; i < TRIES; i++) {
		if (vnm_driver_open(&options, &driver, &err) == 0)
			return driver;
		(void)poll(NULL, 0, PAUSE_MS);
	}
	syslog(LOG_ERR, "cannot restore the uplink of network '%s': %s; the next command does it",
	       guarded->name, err.msg);
	return NULL;
}

/* In the systemd journal, or else in syslog. */
static void log_end(const struct watcher *watcher, const struct vnm_driver *driver,
		    const char *reason, int64_t since, const struct vnm_error *failure)
{
	const char *name = watcher->guarded->name;

	if (vnm_driver_log(driver, VNM_LOG_GUARD, name, reason, since, failure))
		return;
	syslog(failure ? LOG_ERR : LOG_WARNING, "network '%s': %s%s%s", name, reason,
	       failure ? "; " : "", failure ? failure->msg : "");
}

/* Whoever started the network may be looking at a terminal that works again. */
static void notify_terminal(const struct vnm_guarded *guarded)
{
	const char *terminal = guarded->guard.terminal;
	vnm_autofree char *line =
		vnm_asprintf("\r\nwarning: network '%s' was not confirmed within %u "
			     "second%s: '%s' is restored\r\n",
			     guarded->name, guarded->guard.seconds,
			     guarded->guard.seconds == 1 ? "" : "s", guarded->uplink);
	vnm_autoclose int fd =
		terminal ? vnm_open(AT_FDCWD, terminal, O_WRONLY | O_NOCTTY | O_NONBLOCK, 0) : -1;

	if (fd >= 0 && isatty(fd) && write(fd, line, strlen(line)) < 0)
		syslog(LOG_INFO, "cannot write to '%s': %s", terminal, strerror(errno));
}

/* Under the lock: a confirmation in the last moment wins. */
static void restore_uplink(const struct watcher *watcher)
{
	const struct vnm_guarded *guarded = watcher->guarded;
	vnm_autodriver struct vnm_driver *driver = open_driver(guarded);
	vnm_autofree char *reason =
		vnm_asprintf("not confirmed within %u second%s: its uplink is restored",
			     guarded->guard.seconds, guarded->guard.seconds == 1 ? "" : "s");
	int64_t since = vnm_now_ms();
	struct vnm_result *results;
	struct vnm_error err = { 0 };

	if (!driver || !on_record(guarded->run_fd, guarded->name, &watcher->self))
		return;
	if (vnm_driver_destroy(driver, &guarded->name, 1, &results, &err) == 0) {
		if (results[0].failed)
			err = results[0].err;
		vnm_results_free(results, 1);
	}
	log_end(watcher, driver, reason, since, err.msg[0] ? &err : NULL);
	(void)vnm_guard_dismiss(guarded->run_fd, guarded->name);
	notify_terminal(guarded);
}

static void confirm(const struct watcher *watcher)
{
	vnm_autodriver struct vnm_driver *driver = open_driver(watcher->guarded);

	if (!driver || !on_record(watcher->guarded->run_fd, watcher->guarded->name, &watcher->self))
		return;
	(void)vnm_guard_dismiss(watcher->guarded->run_fd, watcher->guarded->name);
	log_end(watcher, driver, "confirmed, since the gateway answers", vnm_now_ms(), NULL);
}

/* ---- waiting ---- */

static bool is_active(const struct vnm_guarded *guarded)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	struct vnm_error ignored = { 0 };

	return vnm_journal_read(guarded->run_fd, guarded->name, false, &journal, &ignored) == 0 &&
	       journal.state == VNM_JOURNAL_ACTIVE;
}

/* The gateway can be probed only once the bridge is in place. */
static bool gateway_answers(struct watcher *watcher)
{
	const struct vnm_guarded *guarded = watcher->guarded;
	struct vnm_error ignored = { 0 };

	if (!is_active(guarded))
		return false;
	if (vnm_now_ms() < watcher->ask_at)
		return vnm_gateways_answer(&watcher->sys, guarded->bridge, &watcher->gateways);
	watcher->ask_at = vnm_now_ms() + ASK_MS;
	if (vnm_gateways_find(&watcher->sys, guarded->bridge, &watcher->gateways, &ignored) == 0)
		(void)vnm_gateways_ask(&watcher->sys, guarded->bridge, &watcher->gateways);
	return false;
}

static void drain(struct watcher *watcher)
{
	const struct inotify_event *event;
	char buf[8192];

	while (vnm_inotify_next(&watcher->in, &event) > 0)
		;
	while (recv(watcher->news_fd, buf, sizeof(buf), MSG_DONTWAIT) > 0 || errno == ENOBUFS)
		;
}

static void wait_for_news(struct watcher *watcher)
{
	int64_t until = watcher->deadline;
	struct pollfd fds[] = {
		{ .fd = watcher->in.fd, .events = POLLIN },
		{ .fd = watcher->news_fd, .events = POLLIN },
	};

	if (watcher->ask_at > vnm_now_ms() && watcher->ask_at < until)
		until = watcher->ask_at;
	(void)vnm_poll_until(fds, VNM_ARRAY_SIZE(fds), until);
	drain(watcher);
}

static void watch(struct watcher *watcher)
{
	const struct vnm_guarded *guarded = watcher->guarded;

	while (on_record(guarded->run_fd, guarded->name, &watcher->self)) {
		if (vnm_now_ms() >= watcher->deadline) {
			restore_uplink(watcher);
			return;
		}
		if (guarded->guard.automatic && gateway_answers(watcher)) {
			confirm(watcher);
			return;
		}
		wait_for_news(watcher);
	}
}

/* ---- the process ---- */

static int read_byte(int fd)
{
	ssize_t n;
	char byte;

	do
		n = read(fd, &byte, 1);
	while (n < 0 && errno == EINTR);
	return n == 1 ? 0 : n < 0 ? -errno : -ECHILD;
}

static int send_byte(int fd)
{
	ssize_t n;

	do
		n = send(fd, "", 1, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

/*
 * The guard reports that it is ready; the barrier opens when its record is written, and closes if the command dies before that.
 */
static bool pass_barrier(void)
{
	bool passed = send_byte(3) == 0 && read_byte(3) == 0;

	close(3);
	return passed;
}

static _Noreturn void guard_main(struct vnm_guarded *guarded, int barrier)
{
	struct watcher watcher = { .guarded = guarded, .news_fd = -1 };

	if (vnm_guard_detach(barrier) < 0)
		_exit(1);
	openlog("vnetmgr", LOG_PID, LOG_DAEMON);
	vnm_cgroup_leave_session(getpid());
	guarded->run_fd = vnm_open(AT_FDCWD, guarded->run, O_RDONLY | O_DIRECTORY, 0);
	if (guarded->run_fd < 0 || vnm_proc_identify(getpid(), &watcher.self) < 0 ||
	    vnm_inotify_open(&watcher.in) < 0 ||
	    vnm_inotify_add(&watcher.in, guarded->run_fd, IN_MODIFY | IN_MOVED_TO | IN_DELETE) < 0)
		_exit(1);
	watcher.news_fd = vnm_neighbours_watch();
	vnm_sys_init(&watcher.sys, guarded->run_fd);
	if (!pass_barrier())
		_exit(1);
	watcher.deadline = vnm_now_ms() + (int64_t)guarded->guard.seconds * 1000;
	watch(&watcher);
	_exit(0);
}

static int release(const struct vnm_guarded *guarded, pid_t pid, int barrier)
{
	vnm_autofree char *file = vnm_guard_file(guarded->name);
	struct pollfd ready = { .fd = barrier, .events = POLLIN };
	struct vnm_proc_id id;
	int r = vnm_poll_until(&ready, 1, vnm_now_ms() + READY_MS);

	if (r == 0)
		return -ETIMEDOUT;
	r = r < 0 ? r : read_byte(barrier);
	if (r == 0)
		r = vnm_proc_identify(pid, &id);
	id.until = (uint64_t)vnm_now_ms() + (uint64_t)guarded->guard.seconds * 1000;
	if (r == 0)
		r = vnm_proc_record_write(guarded->run_fd, file, &id);
	return r < 0 ? r : send_byte(barrier);
}

/**
 * vnm_guard_start() - start a guard
 * @guarded: the network
 * @err:     set on failure; then no guard runs
 *
 * It outlives the caller, its terminal and its session.
 *
 * Return: 0 or -errno.
 */
int vnm_guard_start(const struct vnm_guarded *guarded, struct vnm_error *err)
{
	vnm_autoclose int barrier = -1, end = -1;
	int fds[2], r;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, errno, "cannot start a guard: %s",
				     strerror(errno));
	barrier = fds[0];
	end = fds[1];
	pid = fork();
	if (pid == 0) {
		struct vnm_guarded copy = *guarded;

		guard_main(&copy, barrier);
	}
	r = pid < 0 ? -errno : 0;
	/* With the child's end closed here, its death shows at ours. */
	vnm_cleanup_close(&barrier);
	barrier = -1;
	if (r == 0)
		r = release(guarded, pid, end);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot start a guard for network '%s': %s", guarded->name,
				     r == -ECHILD ? "it ended before it could" : strerror(-r));
	return 0;
}
