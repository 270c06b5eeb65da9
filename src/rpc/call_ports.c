/* SPDX-License-Identifier: GPL-2.0-or-later */
/* call_ports.c - procedures for the ports of active networks. */
#include "rpc/call_ports.h"

#include <stdlib.h>
#include <string.h>

#include "driver/driver.h"
#include "rpc/call.h"
#include "util/mem.h"

enum create_flag { CREATE_RECLAIM = 1 << 0, CREATE_VALIDATE = 1 << 1 };

static void copy_net(const vnm_rpc_net *net, vnm_rpc_net *ret)
{
	ret->name = vnm_strdup(net->name);
	memcpy(ret->uuid, net->uuid, sizeof(ret->uuid));
}

/* @text: a UUID as the driver prints it. */
static void fill(const vnm_rpc_net *net, const char *text, vnm_rpc_port *ret)
{
	struct vnm_uuid uuid = { 0 };

	copy_net(net, &ret->net);
	if (vnm_uuid_parse(text, &uuid) == 0)
		memcpy(ret->uuid, uuid.b, sizeof(ret->uuid));
}

int vnm_rpc_list_ports(struct vnm_rpc_call *call)
{
	const vnm_rpc_ports_args *args = call->args;
	vnm_rpc_ports *ret = call->ret;
	struct vnm_error err = { 0 };
	char **uuids;
	size_t n;
	int r = vnm_rpc_call_flags(call, args->flags, 0);

	if (r == 0)
		r = vnm_rpc_call_find(call, &args->net);
	if (r < 0)
		return r;
	r = vnm_driver_port_list(call->driver, call->network, &uuids, &n, &err);
	if (r < 0)
		return vnm_rpc_fail(call->fault, &err);
	ret->ret = (u_int)n;
	if (args->need) {
		ret->items.items_val = vnm_alloc(n * sizeof(*ret->items.items_val));
		ret->items.items_len = (u_int)n;
	}
	for (size_t i = 0; i < ret->items.items_len; i++)
		fill(&args->net, uuids[i], &ret->items.items_val[i]);
	vnm_names_free(uuids, n);
	return 0;
}

/* *@ret_xml: allocated. */
static int port_xml(struct vnm_rpc_call *call, const vnm_rpc_net *net, const vnm_rpc_uuid uuid,
		    char **ret_xml)
{
	struct vnm_error err = { 0 };
	char text[VNM_UUID_STRLEN];
	int r = vnm_rpc_call_find(call, net);

	if (r < 0)
		return r;
	r = vnm_driver_port_dumpxml(call->driver, call->network, vnm_rpc_uuid_text(uuid, text),
				    ret_xml, &err);
	return vnm_rpc_call_result(call, r, &err);
}

int vnm_rpc_lookup_port(struct vnm_rpc_call *call)
{
	const vnm_rpc_port_lookup_args *args = call->args;
	vnm_autofree char *xml = NULL;
	vnm_rpc_port *ret = call->ret;
	int r = port_xml(call, &args->net, args->uuid, &xml);

	if (r < 0)
		return r;
	copy_net(&args->net, &ret->net);
	memcpy(ret->uuid, args->uuid, sizeof(ret->uuid));
	return 0;
}

int vnm_rpc_get_port_xml(struct vnm_rpc_call *call)
{
	const vnm_rpc_port_flags_args *args = call->args;
	int r = vnm_rpc_call_flags(call, args->flags, 0);

	return r < 0 ? r : port_xml(call, &args->port.net, args->port.uuid, call->ret);
}

int vnm_rpc_create_port(struct vnm_rpc_call *call)
{
	const vnm_rpc_port_xml_args *args = call->args;
	vnm_autofree char *uuid = NULL;
	struct vnm_error err = { 0 };
	int r = vnm_rpc_call_flags(call, args->flags, CREATE_RECLAIM | CREATE_VALIDATE);

	if (r == 0)
		r = vnm_rpc_call_find(call, &args->net);
	if (r < 0)
		return r;
	r = vnm_driver_port_create(call->driver, call->network, args->xml, strlen(args->xml),
				   "(networkport)", args->flags & CREATE_RECLAIM, &uuid, &err);
	if (r < 0)
		return vnm_rpc_fail(call->fault, &err);
	fill(&args->net, uuid, call->ret);
	return 0;
}

int vnm_rpc_delete_port(struct vnm_rpc_call *call)
{
	const vnm_rpc_port_flags_args *args = call->args;
	vnm_autofree char *uuid = NULL;
	struct vnm_error err = { 0 };
	char text[VNM_UUID_STRLEN];
	int r = vnm_rpc_call_flags(call, args->flags, 0);

	if (r == 0)
		r = vnm_rpc_call_find(call, &args->port.net);
	if (r < 0)
		return r;
	r = vnm_driver_port_delete(call->driver, call->network,
				   vnm_rpc_uuid_text(args->port.uuid, text), &uuid, &err);
	return vnm_rpc_call_result(call, r, &err);
}
