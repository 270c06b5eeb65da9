/* SPDX-License-Identifier: GPL-2.0-or-later */
/* call_connect.c - procedures of the connection itself. */
#include "rpc/call_connect.h"

#include <stdlib.h>
#include <string.h>

#include "rpc/call.h"
#include "util/mem.h"

#define OPEN_READ_ONLY 1u
#define URI "network:///system"
#define USER_MAX 64 /* bytes of a user's name */
#define API_VERSION 9007000 /* of libvirt's API: metadata of networks came with 9.7.0 */

/* What clients ask a server for. */
enum feature {
	FEATURE_PARAM_STRINGS = 9,
	FEATURE_KEEPALIVE = 10,
	FEATURE_CALLBACK_IDS = 14,
	FEATURE_CLOSE_CALLBACK = 15,
	FEATURE_UPDATE_ORDER =
		16, /* else clients would exchange command and section of an update */
};

/* A client asks for networks, for the virtual machines that use them, or for whatever there is; with a query of its own, perhaps. */
static bool is_ours(const char *name)
{
	static const char *const names[] = { URI, "qemu:///system", "" };
	size_t len = strcspn(name, "?");

	for (size_t i = 0; i < VNM_ARRAY_SIZE(names); i++)
		if (strlen(names[i]) == len && !strncmp(names[i], name, len))
			return true;
	return false;
}

int vnm_rpc_connect_open(struct vnm_rpc_call *call)
{
	const vnm_rpc_open_args *args = call->args;
	const char *name = args->name ? *args->name : "";

	if (call->client->opened)
		return vnm_rpc_refuse(call->fault, VNM_RPC_CODE_INTERNAL, VNM_RPC_DOMAIN_RPC,
				      "connection already open");
	if (!strcmp(name, "network:///session"))
		return vnm_rpc_refuse(call->fault, VNM_RPC_CODE_INTERNAL, VNM_RPC_DOMAIN_NETWORK,
				      "unexpected network URI path '/session', try " URI);
	if (!is_ours(name))
		return vnm_rpc_refuse(call->fault, VNM_RPC_CODE_NO_CONNECT, VNM_RPC_DOMAIN_NETWORK,
				      "no connection driver available for %s", name);
	call->client->read_only |= (args->flags & OPEN_READ_ONLY) != 0;
	call->client->opened = call->client->was_open = true;
	return 0;
}

int vnm_rpc_connect_close(struct vnm_rpc_call *call)
{
	vnm_rpc_client_close(call->client);
	return 0;
}

int vnm_rpc_connect_type(struct vnm_rpc_call *call)
{
	*(char **)call->ret = vnm_strdup("network");
	return 0;
}

int vnm_rpc_connect_uri(struct vnm_rpc_call *call)
{
	*(char **)call->ret = vnm_strdup(URI);
	return 0;
}

/* Nobody can listen to a Unix socket. */
int vnm_rpc_connect_secure(struct vnm_rpc_call *call)
{
	*(int *)call->ret = 1;
	return 0;
}

int vnm_rpc_connect_version(struct vnm_rpc_call *call)
{
	*(vnm_rpc_number *)call->ret = API_VERSION;
	return 0;
}

/* Whether the client may expect a keepalive may be asked before anything else. */
int vnm_rpc_connect_feature(struct vnm_rpc_call *call)
{
	static const enum feature known[] = { FEATURE_PARAM_STRINGS, FEATURE_KEEPALIVE,
					      FEATURE_CALLBACK_IDS, FEATURE_CLOSE_CALLBACK,
					      FEATURE_UPDATE_ORDER };
	int feature = *(const int *)call->args;

	if (!call->client->opened && feature != FEATURE_KEEPALIVE)
		return vnm_rpc_refuse(call->fault, VNM_RPC_CODE_INTERNAL, VNM_RPC_DOMAIN_RPC,
				      "connection not open");
	for (size_t i = 0; i < VNM_ARRAY_SIZE(known); i++)
		if ((int)known[i] == feature)
			*(int *)call->ret = 1;
	return 0;
}

/* None is needed: the socket's permissions decide. */
int vnm_rpc_connect_auth(struct vnm_rpc_call *call)
{
	vnm_rpc_ints *ret = call->ret;

	ret->items.items_len = 1;
	ret->items.items_val = vnm_alloc(sizeof(int));
	return 0;
}

/* What a client says of itself is logged; it grants nothing. */
int vnm_rpc_connect_identity(struct vnm_rpc_call *call)
{
	const vnm_rpc_identity_args *args = call->args;

	for (u_int i = 0; i < args->params.params_len; i++) {
		const vnm_rpc_param *param = &args->params.params_val[i];

		if (strcmp(param->field, "user-name") != 0 || param->value.type != 7)
			continue;
		free(call->client->for_user);
		call->client->for_user = vnm_strndup(param->value.vnm_rpc_value_u.s, USER_MAX);
		call->client->identity++;
	}
	return vnm_rpc_call_flags(call, args->flags, 0);
}

/* The result is 0 or an empty list: of domains, storage pools and filters, there are none here. */
int vnm_rpc_connect_nothing(struct vnm_rpc_call *call)
{
	(void)call;
	return 0;
}
