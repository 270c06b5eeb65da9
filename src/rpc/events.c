/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * events.c - events that clients have registered for.
 *
 * Theory of operation. A registration is for one type of event, of one network or of all, and has a number, which comes with each
 * of its events: one message for each registration that an event matches. The first registration starts the connection's watcher,
 * the end of the last one stops it.
 */
#include "rpc/events.h"

#include <stdlib.h>
#include <string.h>

#include "rpc/call.h"
#include "rpc/frame.h"
#include "util/mem.h"
#include "watch/event.h"

#define PROC_LIFECYCLE 315
#define PROC_METADATA_CHANGE 446
#define EVENT_SERIAL 1 /* nobody looks at it */

/* libvirt's numbers of the types of events. */
enum event_id { EVENT_LIFECYCLE, EVENT_METADATA_CHANGE, EVENT_ID_COUNT };

/** struct kind - libvirt's numbers of an event: its type, and what has happened or changed. @known: clients know it at all */
struct kind {
	bool known;
	enum event_id id;
	int number;
};

static const struct kind kinds[VNM_EVENT_WHAT_COUNT] = {
	[VNM_EVENT_DEFINED] = { true, EVENT_LIFECYCLE, 0 },
	[VNM_EVENT_UNDEFINED] = { true, EVENT_LIFECYCLE, 1 },
	[VNM_EVENT_STARTED] = { true, EVENT_LIFECYCLE, 2 },
	[VNM_EVENT_STOPPED] = { true, EVENT_LIFECYCLE, 3 },
	[VNM_EVENT_DESCRIPTION] = { true, EVENT_METADATA_CHANGE, 0 },
	[VNM_EVENT_TITLE] = { true, EVENT_METADATA_CHANGE, 1 },
	[VNM_EVENT_ELEMENT] = { true, EVENT_METADATA_CHANGE, 2 },
};

static int start_watcher(struct vnm_rpc_call *call)
{
	struct vnm_rpc_client *client = call->client;
	struct vnm_error err = { 0 };

	if (client->watcher.pid > 0)
		return 0;
	vnm_rpc_client_forget_driver(client);
	if (vnm_rpc_watcher_start(&client->watcher, client->root, client->fd, &err) == 0)
		return 0;
	return vnm_rpc_fail(call->fault, &err);
}

int vnm_rpc_register_events(struct vnm_rpc_call *call)
{
	const vnm_rpc_register_args *args = call->args;
	struct vnm_rpc_client *client = call->client;
	char text[VNM_UUID_STRLEN];
	int r;

	if (args->event < 0 || args->event >= EVENT_ID_COUNT)
		return vnm_rpc_refuse(call->fault, VNM_RPC_CODE_INTERNAL, VNM_RPC_DOMAIN_NETWORK,
				      "unsupported network event ID %d", args->event);
	if (client->n_registrations == VNM_RPC_REGISTRATIONS_MAX)
		return vnm_rpc_refuse(call->fault, VNM_RPC_CODE_INTERNAL, VNM_RPC_DOMAIN_NETWORK,
				      "too many registrations for events: a connection may have %d",
				      VNM_RPC_REGISTRATIONS_MAX);
	r = start_watcher(call);
	if (r < 0)
		return r;
	client->registrations[client->n_registrations++] = (struct vnm_rpc_registration){
		.callback = client->next_callback,
		.event = args->event,
		.uuid = args->net ? vnm_strdup(vnm_rpc_uuid_text(args->net->uuid, text)) : NULL,
	};
	*(int *)call->ret = client->next_callback++;
	return 0;
}

int vnm_rpc_deregister_events(struct vnm_rpc_call *call)
{
	struct vnm_rpc_client *client = call->client;
	int callback = *(const int *)call->args;
	size_t i = 0;

	while (i < client->n_registrations && client->registrations[i].callback != callback)
		i++;
	if (i == client->n_registrations)
		return vnm_rpc_refuse(call->fault, VNM_RPC_CODE_INTERNAL, VNM_RPC_DOMAIN_NETWORK,
				      "network event callback %d not registered", callback);
	free(client->registrations[i].uuid);
	client->n_registrations--;
	memmove(&client->registrations[i], &client->registrations[i + 1],
		(client->n_registrations - i) * sizeof(client->registrations[0]));
	if (client->n_registrations == 0)
		vnm_rpc_watcher_stop(&client->watcher);
	return 0;
}

static void send_lifecycle(int callback, const vnm_rpc_seen *seen, struct vnm_buf *out)
{
	static const struct vnm_rpc_shape shape = { (xdrproc_t)xdr_vnm_rpc_lifecycle,
						    sizeof(vnm_rpc_lifecycle) };
	static const struct vnm_rpc_header header = { VNM_RPC_PROGRAM, VNM_RPC_VERSION,
						      PROC_LIFECYCLE,  VNM_RPC_TYPE_MESSAGE,
						      EVENT_SERIAL,    VNM_RPC_STATUS_OK };
	const vnm_rpc_lifecycle message = { callback, seen->net, kinds[seen->what].number, 0 };

	(void)vnm_rpc_frame_encode(&header, &shape, &message, out);
}

static void send_metadata_change(int callback, const vnm_rpc_seen *seen, struct vnm_buf *out)
{
	static const struct vnm_rpc_shape shape = { (xdrproc_t)xdr_vnm_rpc_metadata_change,
						    sizeof(vnm_rpc_metadata_change) };
	static const struct vnm_rpc_header header = { VNM_RPC_PROGRAM,	    VNM_RPC_VERSION,
						      PROC_METADATA_CHANGE, VNM_RPC_TYPE_MESSAGE,
						      EVENT_SERIAL,	    VNM_RPC_STATUS_OK };
	const vnm_rpc_metadata_change message = { callback, seen->net, kinds[seen->what].number,
						  seen->uri };

	(void)vnm_rpc_frame_encode(&header, &shape, &message, out);
}

/**
 * vnm_rpc_events_deliver() - pass an event on to the client
 * @client: the client
 * @frame:  a message of its watcher
 * @len:    its bytes
 * @out:    gets a message for each registration that it matches
 */
void vnm_rpc_events_deliver(const struct vnm_rpc_client *client, const void *frame, size_t len,
			    struct vnm_buf *out)
{
	static const struct vnm_rpc_shape shape = { (xdrproc_t)xdr_vnm_rpc_seen,
						    sizeof(vnm_rpc_seen) };
	vnm_rpc_seen seen = { 0 };
	char text[VNM_UUID_STRLEN];
	bool known = vnm_rpc_frame_decode(frame, len, &shape, &seen) && seen.what >= 0 &&
		     seen.what < VNM_EVENT_WHAT_COUNT && kinds[seen.what].known;

	vnm_rpc_uuid_text(seen.net.uuid, text);
	for (size_t i = 0; known && i < client->n_registrations; i++) {
		const struct vnm_rpc_registration *registration = &client->registrations[i];

		if (registration->event != (int)kinds[seen.what].id ||
		    (registration->uuid && strcmp(registration->uuid, text) != 0))
			continue;
		if (kinds[seen.what].id == EVENT_LIFECYCLE)
			send_lifecycle(registration->callback, &seen, out);
		else
			send_metadata_change(registration->callback, &seen, out);
	}
	xdr_free((xdrproc_t)xdr_vnm_rpc_seen, &seen);
}
