/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_event.c - net-event: events of networks, as they happen. */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "cli/hint.h"
#include "cli/json.h"
#include "cli/option_checks.h"
#include "cli/output.h"
#include "cli/session.h"
#include "util/mem.h"
#include "util/poll.h"
#include "watch/watch.h"

#define TIMEOUT_MAX (INT32_MAX / 1000)

/* What has happened: in lines, as virsh prints it, and in JSON. */
static const struct {
	const char *text, *word;
} event_names[] = {
	[VNM_EVENT_DEFINED] = { "Defined", "defined" },
	[VNM_EVENT_UNDEFINED] = { "Undefined", "undefined" },
	[VNM_EVENT_STARTED] = { "Started", "started" },
	[VNM_EVENT_STOPPED] = { "Stopped", "stopped" },
	[VNM_EVENT_TITLE] = { "type title, uri ", "title" },
	[VNM_EVENT_DESCRIPTION] = { "type description, uri ", "description" },
	[VNM_EVENT_ELEMENT] = { "type element, uri ", "element" },
	[VNM_EVENT_WHOLE] = { "whole", "whole" },
	[VNM_EVENT_DEGRADED] = { "degraded", "degraded" },
};
static_assert(VNM_ARRAY_SIZE(event_names) == VNM_EVENT_WHAT_COUNT, "one name per event");

static void print_time(void)
{
	struct timespec now;
	struct tm tm;
	char text[32];

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm);
	printf("%s.%03ld+0000: ", text, now.tv_nsec / 1000000);
}

static void print_json(const struct vnm_event *event)
{
	json_auto_t *object = vnm_json_new();
	char uuid[VNM_UUID_STRLEN];
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	vnm_json_set(object, "event", json_string(vnm_event_names[event->type]));
	vnm_json_set(object, "network", vnm_json_string(event->network));
	if (event->uuid.set)
		vnm_json_set(object, "uuid", json_string(vnm_uuid_format(&event->uuid, uuid)));
	vnm_json_set(object, "what", json_string(event_names[event->what].word));
	vnm_json_set(object, event->type == VNM_EVENT_METADATA_CHANGE ? "uri" : "detail",
		     vnm_json_string(event->detail));
	vnm_json_set(object, "time", vnm_json_time(&now, true));
	vnm_json_set(object, "epoch_ms",
		     json_integer((json_int_t)now.tv_sec * 1000 + now.tv_nsec / 1000000));
	vnm_json_print_line(object);
}

/* Return: whether it could be written. */
static bool print_event(const struct vnm_cli *cli, const struct vnm_event *event)
{
	if (vnm_cli_seen(cli, VNM_OPT_JSON)) {
		print_json(event);
		return fflush(stdout) == 0;
	}
	if (vnm_cli_seen(cli, VNM_OPT_TIMESTAMP))
		print_time();
	printf("event '%s' for network %s: %s", vnm_event_names[event->type], event->network,
	       event_names[event->what].text);
	if (event->type == VNM_EVENT_METADATA_CHANGE)
		fputs(event->detail ? event->detail : "<null>", stdout);
	else if (event->detail)
		printf(" (%s)", event->detail);
	putchar('\n');
	return fflush(stdout) == 0;
}

/* The types of events to report. Return: 0, or -EINVAL after an error message. */
static int read_types(struct vnm_cli *cli, unsigned *ret)
{
	const char *word = vnm_cli_value(cli, VNM_OPT_EVENT);
	bool all = vnm_cli_seen(cli, VNM_OPT_ALL);

	if (vnm_cli_refuse_both(cli, VNM_OPT_ALL, VNM_OPT_EVENT) < 0)
		return -EINVAL;
	if (!word && !all) {
		vnm_cli_error(cli, "either --list or --event <type> is required");
		vnm_cli_hint(cli, "--all is for events of all types");
		return -EINVAL;
	}
	*ret = 0;
	for (unsigned i = 0; i < VNM_EVENT_TYPE_COUNT; i++)
		if (all || !strcmp(word, vnm_event_names[i]))
			*ret |= 1u << i;
	if (*ret)
		return 0;
	vnm_cli_error(cli, "unknown event type %s", word);
	return -EINVAL;
}

/* Return: 0, or -EINVAL after an error message. *ret_deadline_ms -1: never. */
static int read_timeout(struct vnm_cli *cli, int64_t *ret_deadline_ms)
{
	uint32_t seconds;

	*ret_deadline_ms = -1;
	if (!vnm_cli_seen(cli, VNM_OPT_TIMEOUT))
		return 0;
	if (vnm_cli_number(cli, VNM_OPT_TIMEOUT, 1, TIMEOUT_MAX, &seconds) < 0)
		return -EINVAL;
	*ret_deadline_ms = vnm_now_ms() + (int64_t)seconds * 1000;
	return 0;
}

/* The network that was named, or NULL. Return: 0, or -errno after an error message. */
static int find_network(struct vnm_cli *cli, char **ret_name)
{
	int r;

	*ret_name = NULL;
	if (!vnm_cli_seen(cli, VNM_OPT_NETWORK))
		return 0;
	r = vnm_cli_lookup(cli, ret_name);
	vnm_cli_close(cli);
	return r;
}

/*
 * Signals are read from a signalfd; @ret_mask: the mask before. Background processes of a shell ignore SIGINT; not
 * so here.
 */
static int catch_signals(struct vnm_cli *cli, sigset_t *ret_mask)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, ret_mask);
	fd = signalfd(-1, &set, SFD_CLOEXEC);
	if (fd < 0)
		vnm_cli_error(cli, "cannot wait for signals: %s", strerror(errno));
	return fd;
}

/* The signal that ended the wait is handled. */
static void consume_signal(int fd)
{
	struct signalfd_siginfo info;

	(void)!read(fd, &info, sizeof(info));
}

/* JSON has an object for each event, and no other lines. */
static void print_end(const struct vnm_cli *cli, const char *line)
{
	if (!vnm_cli_seen(cli, VNM_OPT_JSON))
		puts(line);
}

/* Return: how many events there were; the last line says what ended it. -errno after an error message. */
static int print_events(struct vnm_cli *cli, struct vnm_watch *watch, int stop_fd,
			int64_t deadline_ms)
{
	bool loop = vnm_cli_seen(cli, VNM_OPT_LOOP);
	struct vnm_error err = { 0 };
	int n = 0;

	while (loop || n == 0) {
		vnm_autoevent struct vnm_event event = { 0 };
		int r = vnm_watch_next(watch, stop_fd, deadline_ms, &event, &err);

		if (r < 0) {
			vnm_cli_error(cli, "%s", err.msg);
			return r;
		}
		if (r == VNM_WATCH_STOPPED)
			consume_signal(stop_fd);
		if (r != VNM_WATCH_EVENT) {
			print_end(cli, r == VNM_WATCH_TIMEOUT ? "event loop timed out"
							      : "event loop interrupted");
			return n;
		}
		n++;
		if (!print_event(cli, &event))
			break;
	}
	return n;
}

/* Return: the exit status. */
static int watch_until(struct vnm_cli *cli, const struct vnm_watch_options *options, int stop_fd,
		       int64_t deadline_ms)
{
	vnm_autowatch struct vnm_watch *watch = NULL;
	vnm_autofree char *received = NULL;
	struct vnm_error err = { 0 };
	int n;

	if (vnm_watch_open(options, &watch, &err) < 0) {
		vnm_cli_error(cli, "%s", err.msg);
		if (err.code == VNM_ERR_PERMISSION && options->types != 1u << VNM_EVENT_HEALTH)
			vnm_hint_public(cli, true);
		return 1;
	}
	vnm_cli_report(cli, VNM_REPORT_DETAIL, "waiting for events");
	n = print_events(cli, watch, stop_fd, deadline_ms);
	if (n < 0)
		return 1;
	received = vnm_asprintf("events received: %d", n);
	print_end(cli, received);
	return n > 0 ? 0 : 1;
}

/* Other commands may follow, so the signal mask is restored. */
static int wait_for_events(struct vnm_cli *cli, const struct vnm_watch_options *options,
			   int64_t deadline_ms)
{
	sigset_t mask;
	vnm_autoclose int stop_fd = catch_signals(cli, &mask);
	int status = stop_fd < 0 ? 1 : watch_until(cli, options, stop_fd, deadline_ms);

	sigprocmask(SIG_SETMASK, &mask, NULL);
	return status;
}

static int net_event(struct vnm_cli *cli)
{
	struct vnm_watch_options options = {
		.root = cli->root,
		.report = { .line = vnm_cli_report, .data = cli },
		.public = true,
	};
	vnm_autofree char *name = NULL;
	int64_t deadline_ms;

	if (vnm_cli_refuse_both(cli, VNM_OPT_JSON, VNM_OPT_LIST) < 0 ||
	    vnm_cli_refuse_both(cli, VNM_OPT_JSON, VNM_OPT_TIMESTAMP) < 0)
		return 1;
	if (vnm_cli_seen(cli, VNM_OPT_LIST)) {
		for (int i = 0; i < VNM_EVENT_TYPE_COUNT; i++)
			puts(vnm_event_names[i]);
		return 0;
	}
	if (read_types(cli, &options.types) < 0 || read_timeout(cli, &deadline_ms) < 0 ||
	    find_network(cli, &name) < 0)
		return 1;
	options.network = name;
	return wait_for_events(cli, &options, deadline_ms);
}

static const struct vnm_option net_event_options[] = {
	{ VNM_OPT_NETWORK, VNM_OPT_ARGUMENT, "filter by network name or uuid" },
	{ VNM_OPT_EVENT, VNM_OPT_ARGUMENT, "which event type to wait for" },
	{ VNM_OPT_ALL, 0, "wait for all event types" },
	{ VNM_OPT_LOOP, 0, "loop until timeout or interrupt, rather than one-shot" },
	{ VNM_OPT_TIMEOUT, VNM_OPT_HAS_VALUE | VNM_OPT_NUMBER, "timeout seconds" },
	{ VNM_OPT_LIST, 0, "list valid event types" },
	{ VNM_OPT_TIMESTAMP, 0, "show timestamp for each printed event" },
	{ VNM_OPT_JSON, 0, "print each event as one line of JSON" },
};

const struct vnm_command vnm_command_net_event = {
	.name = "net-event",
	.group = VNM_HELP_INFORMATION,
	.flags = VNM_COMMAND_PUBLIC,
	.summary = "wait for events and print them",
	.description = "Waits for one event or, with --loop, prints all. It does not "
		       "matter which program causes them.",
	VNM_OPTIONS(net_event_options),
	.run = net_event,
};
