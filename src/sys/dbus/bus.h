/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bus.h - D-Bus calls to services of the host: firewalld, systemd-resolved. */
#ifndef VNM_SYS_BUS_H
#define VNM_SYS_BUS_H

#include "sys/link/link.h"
#include "sys/op_impl.h"

struct sd_bus_message;
struct vnm_bus; /* the connection to the system's bus */

enum vnm_bus_peer { VNM_BUS_FIREWALLD, VNM_BUS_RESOLVED, VNM_BUS_PEER_COUNT };

/**
 * struct vnm_bus_call - a call and its answer; zero-initialise.
 * @peer:   the service
 * @method: its name, for messages
 * @msg:    the call, to which arguments are appended
 * @answer: the reply; NULL until there is one
 * @name:   of the D-Bus error; "": none
 * @message: its message
 */
struct vnm_bus_call {
	enum vnm_bus_peer peer;
	const char *method;
	struct sd_bus_message *msg, *answer;
	char name[128], message[256];
};

#define vnm_autocall __attribute__((cleanup(vnm_bus_call_clear)))

/** struct vnm_bus_place - where a method is. */
struct vnm_bus_place {
	enum vnm_bus_peer peer;
	const char *path, *interface;
};

int vnm_bus_begin(struct vnm_sys *sys, struct vnm_bus_call *call, const struct vnm_bus_place *place,
		  const char *method);
int vnm_bus_do(struct vnm_sys *sys, struct vnm_bus_call *call);
int vnm_bus_ask(struct vnm_sys *sys, struct vnm_bus_call *call, const struct vnm_bus_place *place,
		const char *method, const char *types, ...);
void vnm_bus_call_clear(struct vnm_bus_call *call);
int vnm_bus_fail(struct vnm_error *err, int rc, const struct vnm_bus_call *call, const char *fmt,
		 ...) __attribute__((format(printf, 4, 5)));

int vnm_bus_device(struct vnm_sys *sys, const char *name, const struct vnm_mac *mac,
		   struct vnm_link *ret, enum vnm_presence *presence, struct vnm_error *err);
void vnm_bus_free(struct vnm_bus *bus);

#endif
