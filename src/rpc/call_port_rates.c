/* SPDX-License-Identifier: GPL-2.0-or-later */
/* call_port_rates.c - procedures for the rates of ports: typed parameters, of which clients set some and leave the others. */
#include "rpc/call_port_rates.h"

#include <stddef.h>
#include <string.h>

#include "driver/driver.h"
#include "rpc/call.h"
#include "util/mem.h"

#define TYPE_UINT 2

enum direction { INBOUND, OUTBOUND, DIRECTIONS };

/* In the order in which libvirt gives them. */
static const struct field {
	const char *name;
	enum direction direction;
	size_t offset;
} fields[] = {
	{ "inbound.average", INBOUND, offsetof(struct vnm_rate, average) },
	{ "inbound.peak", INBOUND, offsetof(struct vnm_rate, peak) },
	{ "inbound.floor", INBOUND, offsetof(struct vnm_rate, floor) },
	{ "inbound.burst", INBOUND, offsetof(struct vnm_rate, burst) },
	{ "outbound.average", OUTBOUND, offsetof(struct vnm_rate, average) },
	{ "outbound.peak", OUTBOUND, offsetof(struct vnm_rate, peak) },
	{ "outbound.burst", OUTBOUND, offsetof(struct vnm_rate, burst) },
};

static void *member(struct vnm_rate rates[static DIRECTIONS], const struct field *field)
{
	return (char *)&rates[field->direction] + field->offset;
}

/* The protocol has 32 bits for it: of a greater one, as much as fits. */
static uint32_t get(struct vnm_rate rates[static DIRECTIONS], const struct field *field)
{
	const struct vnm_uint64 *rate = member(rates, field);
	const struct vnm_uint *burst = member(rates, field);

	if (field->offset == offsetof(struct vnm_rate, burst))
		return burst->v;
	return rate->v < UINT32_MAX ? (uint32_t)rate->v : UINT32_MAX;
}

static void set(struct vnm_rate rates[static DIRECTIONS], const struct field *field, uint32_t v)
{
	if (field->offset == offsetof(struct vnm_rate, burst))
		*(struct vnm_uint *)member(rates, field) = (struct vnm_uint){ true, v };
	else
		*(struct vnm_uint64 *)member(rates, field) = (struct vnm_uint64){ true, v };
}

/* The rates of a port. Return: 0 or -EINVAL. */
static int read_rates(struct vnm_rpc_call *call, const vnm_rpc_port *port,
		      struct vnm_rate ret[static DIRECTIONS])
{
	struct vnm_error err = { 0 };
	char text[VNM_UUID_STRLEN];
	int r = vnm_rpc_call_find(call, &port->net);

	if (r < 0)
		return r;
	r = vnm_driver_port_rates(call->driver, call->network, vnm_rpc_uuid_text(port->uuid, text),
				  &ret[INBOUND], &ret[OUTBOUND], &err);
	return vnm_rpc_call_result(call, r, &err);
}

int vnm_rpc_get_port_rates(struct vnm_rpc_call *call)
{
	const vnm_rpc_port_get_args *args = call->args;
	struct vnm_rate rates[DIRECTIONS] = { 0 };
	vnm_rpc_params *ret = call->ret;
	int r = vnm_rpc_call_flags(call, args->flags, 0);

	if (r == 0)
		r = read_rates(call, &args->port, rates);
	if (r < 0)
		return r;
	ret->items.items_val = vnm_alloc(VNM_ARRAY_SIZE(fields) * sizeof(*ret->items.items_val));
	for (size_t i = 0; i < VNM_ARRAY_SIZE(fields); i++) {
		vnm_rpc_param *param = &ret->items.items_val[ret->items.items_len];

		if (!rates[fields[i].direction].at.present)
			continue;
		param->field = vnm_strdup(fields[i].name);
		param->value.type = TYPE_UINT;
		param->value.vnm_rpc_value_u.ui = get(rates, &fields[i]);
		ret->items.items_len++;
	}
	ret->n = (int)ret->items.items_len;
	return 0;
}

/* One parameter that the client sets. Return: 0 or -EINVAL. */
static int set_one(struct vnm_rpc_call *call, const vnm_rpc_param *param,
		   struct vnm_rate rates[static DIRECTIONS])
{
	size_t i = 0;

	while (i < VNM_ARRAY_SIZE(fields) && strcmp(fields[i].name, param->field) != 0)
		i++;
	if (i == VNM_ARRAY_SIZE(fields))
		return vnm_rpc_refuse(call->fault, VNM_RPC_CODE_ARGUMENT_UNSUPPORTED,
				      VNM_RPC_DOMAIN_NETWORK, "parameter '%s' not supported",
				      param->field);
	if (param->value.type != TYPE_UINT)
		return vnm_rpc_refuse(call->fault, VNM_RPC_CODE_INVALID_ARG, VNM_RPC_DOMAIN_NETWORK,
				      "invalid type of parameter '%s', expected 'uint'",
				      param->field);
	set(rates, &fields[i], param->value.vnm_rpc_value_u.ui);
	return 0;
}

int vnm_rpc_set_port_rates(struct vnm_rpc_call *call)
{
	const vnm_rpc_port_set_args *args = call->args;
	struct vnm_rate rates[DIRECTIONS] = { 0 };
	struct vnm_error err = { 0 };
	char text[VNM_UUID_STRLEN];
	int r = vnm_rpc_call_flags(call, args->flags, 0);

	if (r == 0)
		r = read_rates(call, &args->port, rates);
	for (u_int i = 0; r == 0 && i < args->params.params_len; i++)
		r = set_one(call, &args->params.params_val[i], rates);
	if (r < 0)
		return r;
	r = vnm_driver_port_set_rates(call->driver, call->network,
				      vnm_rpc_uuid_text(args->port.uuid, text), &rates[INBOUND],
				      &rates[OUTBOUND], &err);
	return vnm_rpc_call_result(call, r, &err);
}
