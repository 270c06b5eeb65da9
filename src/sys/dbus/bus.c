/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bus.c - the system's D-Bus, by libsystemd's sd-bus.
 *
 * The connection is made when first needed, so a network without a zone and a registered domain does not use the bus on
 * a host without firewalld. Calls do not activate services: the administrator decides whether firewalld and
 * systemd-resolved run.
 *
 * Every wait is bounded: for the bus itself, whose handshake sd-bus would give 90 seconds, and for each
 * answer. A peer that has timed out once is not called again through the same handle, so that a hundred
 * networks do not wait a hundred times.
 */
#ifdef HAVE_SD_BUS
#include "sys/dbus/bus.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>

#include "util/mem.h"
#include "util/poll.h"

#define TIMEOUT_S 5
#define USEC_PER_MS 1000ull

/**
 * struct vnm_bus - @conn: the connection; @failed: why there is none, -errno; @mute: the peers that have timed out.
 */
struct vnm_bus {
	sd_bus *conn;
	int failed;
	bool mute[VNM_BUS_PEER_COUNT];
};

static const struct {
	const char *name, *unit;
} peers[VNM_BUS_PEER_COUNT] = {
	[VNM_BUS_FIREWALLD] = { "org.fedoraproject.FirewallD1", "firewalld" },
	[VNM_BUS_RESOLVED] = { "org.freedesktop.resolve1", "systemd-resolved" },
};

/* One step of the handshake. Return: 1: call again; 0: timeout; -errno. */
static int handshake_step(sd_bus *conn, int64_t deadline)
{
	int r = sd_bus_process(conn, NULL);
	int64_t left;

	if (r != 0)
		return r;
	left = deadline - vnm_now_ms();
	if (left <= 0)
		return 0;
	r = sd_bus_wait(conn, (uint64_t)left * USEC_PER_MS);
	return r < 0 && r != -EINTR ? r : 1;
}

static int handshake(sd_bus *conn)
{
	int64_t deadline = vnm_now_ms() + TIMEOUT_S * 1000;
	int ready;

	while ((ready = sd_bus_is_ready(conn)) == 0) {
		int r = handshake_step(conn, deadline);

		if (r <= 0)
			return r < 0 ? r : -ETIMEDOUT;
	}
	return ready < 0 ? ready : 0;
}

/* The connection, made when first needed. */
static int need_bus(struct vnm_sys *sys, struct vnm_bus **ret)
{
	struct vnm_bus *bus = sys->bus;

	if (!bus) {
		bus = sys->bus = vnm_alloc(sizeof(*bus));
		bus->failed = sd_bus_open_system(&bus->conn);
		if (bus->failed >= 0)
			bus->failed = handshake(bus->conn);
	}
	*ret = bus;
	return bus->failed;
}

/**
 * vnm_bus_free() - disconnect from the bus
 * @bus: the connection; may be NULL
 */
void vnm_bus_free(struct vnm_bus *bus)
{
	if (!bus)
		return;
	sd_bus_close_unref(bus->conn);
	free(bus);
}

/** vnm_bus_call_clear() - free what a call holds; it can be begun again. */
void vnm_bus_call_clear(struct vnm_bus_call *call)
{
	sd_bus_message_unref(call->msg);
	sd_bus_message_unref(call->answer);
	*call = (struct vnm_bus_call){ 0 };
}

/* No bus, or no owner of that name: -ESRCH. */
static int map_absence(int r)
{
	return r == -ENOENT || r == -ECONNREFUSED ? -ESRCH : r;
}

/**
 * vnm_bus_begin() - begin a call; the arguments are appended to its message
 * @sys:    the handles
 * @call:   the call, zeroed or cleared
 * @place:  the object that has the method
 * @method: its name
 *
 * Return: 0, -ESRCH when there is no bus, or another -errno.
 */
int vnm_bus_begin(struct vnm_sys *sys, struct vnm_bus_call *call, const struct vnm_bus_place *place,
		  const char *method)
{
	struct vnm_bus *bus;
	int r;

	*call = (struct vnm_bus_call){ .peer = place->peer, .method = method };
	r = need_bus(sys, &bus);
	if (r < 0)
		return map_absence(r);
	r = sd_bus_message_new_method_call(bus->conn, &call->msg, peers[place->peer].name,
					   place->path, place->interface, method);
	return r < 0 ? r : sd_bus_message_set_auto_start(call->msg, 0);
}

static int note_refusal(struct vnm_bus *bus, struct vnm_bus_call *call, const sd_bus_error *refusal,
			int r)
{
	if (refusal->name)
		snprintf(call->name, sizeof(call->name), "%s", refusal->name);
	if (refusal->message)
		snprintf(call->message, sizeof(call->message), "%s", refusal->message);
	bus->mute[call->peer] = r == -ETIMEDOUT;
	if (!strcmp(call->name, SD_BUS_ERROR_SERVICE_UNKNOWN) ||
	    !strcmp(call->name, SD_BUS_ERROR_NAME_HAS_NO_OWNER))
		return -ESRCH;
	return r;
}

/**
 * vnm_bus_do() - make the call and wait for the answer
 * @sys:  the handles
 * @call: the call; gets the answer, or the error's message
 *
 * Return: 0, -ESRCH when the peer is not on the bus, -ETIMEDOUT when it does not answer, or another
 * -errno.
 */
int vnm_bus_do(struct vnm_sys *sys, struct vnm_bus_call *call)
{
	sd_bus_error refusal = SD_BUS_ERROR_NULL;
	struct vnm_bus *bus = sys->bus;
	int r;

	if (bus->mute[call->peer])
		return -ETIMEDOUT;
	r = sd_bus_call(bus->conn, call->msg, TIMEOUT_S * 1000 * USEC_PER_MS, &refusal,
			&call->answer);
	r = r < 0 ? note_refusal(bus, call, &refusal, r) : 0;
	sd_bus_error_free(&refusal);
	return r;
}

/**
 * vnm_bus_ask() - make a whole call with simple arguments
 * @sys:    the handles
 * @call:   the call, zeroed or cleared
 * @place:  the object that has the method
 * @method: its name
 * @types:  of the arguments, as in sd_bus_message_append(3)
 *
 * Return: as vnm_bus_do().
 */
int vnm_bus_ask(struct vnm_sys *sys, struct vnm_bus_call *call, const struct vnm_bus_place *place,
		const char *method, const char *types, ...)
{
	int r = vnm_bus_begin(sys, call, place, method);
	va_list ap;

	if (r < 0)
		return r;
	va_start(ap, types);
	r = sd_bus_message_appendv(call->msg, types, ap);
	va_end(ap);
	return r < 0 ? r : vnm_bus_do(sys, call);
}

static bool is_denied(const struct vnm_bus_call *call, int rc)
{
	return rc == -EACCES || rc == -EPERM || !strcmp(call->name, SD_BUS_ERROR_ACCESS_DENIED) ||
	       strstr(call->name, "NotAuthorized");
}

/**
 * vnm_bus_fail() - turn a failed call into an error
 * @err:  the error
 * @rc:   what the call returned, negative
 * @call: the call
 * @fmt:  what failed, on what
 *
 * Return: @rc.
 */
int vnm_bus_fail(struct vnm_error *err, int rc, const struct vnm_bus_call *call, const char *fmt,
		 ...)
{
	const char *unit = peers[call->peer].unit;
	bool denied = is_denied(call, rc);
	char what[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	if (rc == -ESRCH)
		return vnm_error_set(err, VNM_ERR_UNSUPPORTED, ESRCH,
				     "%s: %s is not running; systemctl start %s", what, unit, unit);
	if (rc == -ETIMEDOUT)
		return vnm_error_set(err, VNM_ERR_BUSY, ETIMEDOUT,
				     "%s: %s does not answer within %d seconds; see systemctl "
				     "status %s",
				     what, unit, TIMEOUT_S, unit);
	return vnm_error_set(err, denied ? VNM_ERR_PERMISSION : VNM_ERR_SYSTEM, -rc,
			     "%s: %s (%s: %s)%s", what,
			     call->message[0] ? call->message : strerror(-rc), unit, call->method,
			     denied ? "; this needs root" : "");
}

/**
 * vnm_bus_device() - is the device of a call still ours?
 * @sys:      the handles
 * @name:     its name
 * @mac:      the MAC address of our bridge
 * @ret:      the device, unless it is absent
 * @presence: VNM_FOREIGN: another device has the name
 * @err:      the error
 *
 * Return: 0 or -errno.
 */
int vnm_bus_device(struct vnm_sys *sys, const char *name, const struct vnm_mac *mac,
		   struct vnm_link *ret, enum vnm_presence *presence, struct vnm_error *err)
{
	int r = vnm_link_find(sys, name, ret, err);

	if (r < 0)
		return r;
	if (r == 0)
		*presence = VNM_ABSENT;
	else if (strcmp(ret->fact.kind, "bridge") != 0 || !vnm_mac_equal(&ret->fact.mac, mac))
		*presence = VNM_FOREIGN;
	else
		*presence = VNM_PRESENT;
	return 0;
}
#endif
