/* SPDX-License-Identifier: GPL-2.0-or-later */
/* call.c - what all procedures share: how networks are found, and how results are passed on. */
#include "rpc/call.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "driver/driver.h"
#include "util/mem.h"

/** vnm_rpc_uuid_text() - a UUID as text. Return: @buf */
const char *vnm_rpc_uuid_text(const vnm_rpc_uuid uuid, char buf[static VNM_UUID_STRLEN])
{
	struct vnm_uuid value = { .set = true };

	memcpy(value.b, uuid, sizeof(value.b));
	return vnm_uuid_format(&value, buf);
}

/** vnm_rpc_optional() - a copy of a text that may be NULL */
char **vnm_rpc_optional(const char *text)
{
	char **ret = NULL;

	if (text) {
		ret = vnm_alloc(sizeof(*ret));
		*ret = vnm_strdup(text);
	}
	return ret;
}

/** vnm_rpc_text() - the text of an argument that may be absent: then NULL */
const char *vnm_rpc_text(vnm_rpc_opt_string text)
{
	return text ? *text : NULL;
}

/**
 * vnm_rpc_call_find() - find the network of a call: by its UUID, as libvirt does
 * @call: the call; gets @call->network
 * @net:  as it was given; it may have been renamed since, or replaced by another of the same name
 *
 * Return: 0 or -EINVAL.
 */
int vnm_rpc_call_find(struct vnm_rpc_call *call, const vnm_rpc_net *net)
{
	struct vnm_error ignored = { 0 };
	char text[VNM_UUID_STRLEN];
	struct vnm_uuid uuid;

	if (vnm_driver_lookup_name(call->driver, net->name, &uuid, &ignored) == 0 &&
	    !memcmp(uuid.b, net->uuid, sizeof(uuid.b))) {
		call->network = vnm_strdup(net->name);
		return 0;
	}
	vnm_rpc_uuid_text(net->uuid, text);
	if (vnm_driver_lookup_uuid(call->driver, text, &call->network, &ignored) == 0)
		return 0;
	return vnm_rpc_refuse(call->fault, VNM_RPC_CODE_NO_NETWORK, VNM_RPC_DOMAIN_NETWORK,
			      "Network not found: no network with matching uuid '%s' (%s)", text,
			      net->name);
}

/** vnm_rpc_call_flags() - refuse flags that the procedure does not know. Return: 0 or -EINVAL. */
int vnm_rpc_call_flags(struct vnm_rpc_call *call, unsigned flags, unsigned allowed)
{
	return vnm_rpc_refuse_flags(call->fault, flags, allowed, call->function);
}

/** vnm_rpc_call_result() - pass on what the driver returned. Return: 0 or -EINVAL. */
int vnm_rpc_call_result(struct vnm_rpc_call *call, int r, const struct vnm_error *err)
{
	return r < 0 ? vnm_rpc_fail(call->fault, err) : 0;
}

/**
 * vnm_rpc_call_network() - the result of a call: a network
 * @call: the call; gets @call->network
 * @name: the network
 * @uuid: its UUID
 * @ret:  gets both
 */
void vnm_rpc_call_network(struct vnm_rpc_call *call, const char *name, const struct vnm_uuid *uuid,
			  vnm_rpc_net *ret)
{
	ret->name = vnm_strdup(name);
	memcpy(ret->uuid, uuid->b, sizeof(uuid->b));
	free(call->network);
	call->network = vnm_strdup(name);
}

/** vnm_rpc_call_name() - the same, of a name whose UUID is looked up. Return: 0 or -EINVAL. */
int vnm_rpc_call_name(struct vnm_rpc_call *call, const char *name, vnm_rpc_net *ret)
{
	struct vnm_error err = { 0 };
	struct vnm_uuid uuid;
	int r = vnm_driver_lookup_name(call->driver, name, &uuid, &err);

	if (r < 0)
		return vnm_rpc_fail(call->fault, &err);
	vnm_rpc_call_network(call, name, &uuid, ret);
	return 0;
}
