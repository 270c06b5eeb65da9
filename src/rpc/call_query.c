/* SPDX-License-Identifier: GPL-2.0-or-later */
/* call_query.c - procedures that only look at networks. */
#include "rpc/call_query.h"

#include <errno.h>
#include <string.h>

#include "driver/driver.h"
#include "rpc/call.h"
#include "util/mem.h"

#define XML_INACTIVE 1u

/* Which networks are listed: of each pair, either or both; a pair of which neither is given does not matter. */
enum list_flag {
	LIST_INACTIVE = 1 << 0,
	LIST_ACTIVE = 1 << 1,
	LIST_PERSISTENT = 1 << 2,
	LIST_TRANSIENT = 1 << 3,
	LIST_AUTOSTART = 1 << 4,
	LIST_NO_AUTOSTART = 1 << 5,
	LIST_ALL_FLAGS = (1 << 6) - 1,
};

static bool matches(unsigned flags, bool is, unsigned yes, unsigned no)
{
	return !(flags & (yes | no)) || (flags & (is ? yes : no));
}

static bool is_listed(const struct vnm_info *info, unsigned flags)
{
	return matches(flags, info->active, LIST_ACTIVE, LIST_INACTIVE) &&
	       matches(flags, info->persistent, LIST_PERSISTENT, LIST_TRANSIENT) &&
	       matches(flags, info->autostart, LIST_AUTOSTART, LIST_NO_AUTOSTART);
}

/* Those that match come first, @ret_n of them; free with vnm_infos_free(), all @ret_total. */
static int list(struct vnm_rpc_call *call, unsigned flags, struct vnm_info **ret, size_t *ret_n,
		size_t *ret_total)
{
	struct vnm_error err = { 0 };
	size_t n = 0;
	int r = vnm_driver_list(call->driver, false, ret, ret_total, &err);

	if (r < 0)
		return vnm_rpc_fail(call->fault, &err);
	for (size_t i = 0; i < *ret_total; i++) {
		struct vnm_info info = (*ret)[i];

		if (!is_listed(&info, flags))
			continue;
		(*ret)[i] = (*ret)[n];
		(*ret)[n++] = info;
	}
	*ret_n = n;
	return 0;
}

static int count(struct vnm_rpc_call *call, unsigned flags)
{
	struct vnm_info *infos;
	size_t n, total;
	int r = list(call, flags, &infos, &n, &total);

	if (r < 0)
		return r;
	*(int *)call->ret = (int)n;
	vnm_infos_free(infos, total);
	return 0;
}

int vnm_rpc_count_active(struct vnm_rpc_call *call)
{
	return count(call, LIST_ACTIVE);
}

int vnm_rpc_count_inactive(struct vnm_rpc_call *call)
{
	return count(call, LIST_INACTIVE);
}

static int names(struct vnm_rpc_call *call, unsigned flags)
{
	vnm_rpc_names *ret = call->ret;
	int max = *(const int *)call->args;
	struct vnm_info *infos;
	size_t n, total;
	int r;

	if (max < 0 || max > VNM_RPC_LIST_MAX)
		return vnm_rpc_refuse(call->fault, VNM_RPC_CODE_RPC, VNM_RPC_DOMAIN_RPC,
				      "too many remote networks: %d", max);
	r = list(call, flags, &infos, &n, &total);
	if (r < 0)
		return r;
	if (n > (size_t)max)
		n = (size_t)max;
	ret->items.items_val = vnm_alloc(n * sizeof(*ret->items.items_val));
	ret->items.items_len = (u_int)n;
	for (size_t i = 0; i < n; i++)
		ret->items.items_val[i] = vnm_strdup(infos[i].name);
	vnm_infos_free(infos, total);
	return 0;
}

int vnm_rpc_names_active(struct vnm_rpc_call *call)
{
	return names(call, LIST_ACTIVE);
}

int vnm_rpc_names_inactive(struct vnm_rpc_call *call)
{
	return names(call, LIST_INACTIVE);
}

int vnm_rpc_list(struct vnm_rpc_call *call)
{
	const vnm_rpc_list_args *args = call->args;
	vnm_rpc_nets *ret = call->ret;
	struct vnm_info *infos;
	size_t n, total;
	int r = vnm_rpc_call_flags(call, args->flags, LIST_ALL_FLAGS);

	if (r == 0)
		r = list(call, args->flags, &infos, &n, &total);
	if (r < 0)
		return r;
	ret->ret = (u_int)n;
	if (args->need) {
		ret->items.items_val = vnm_alloc(n * sizeof(*ret->items.items_val));
		ret->items.items_len = (u_int)n;
	}
	for (size_t i = 0; i < ret->items.items_len; i++) {
		ret->items.items_val[i].name = vnm_strdup(infos[i].name);
		memcpy(ret->items.items_val[i].uuid, infos[i].uuid.b, sizeof(infos[i].uuid.b));
	}
	vnm_infos_free(infos, total);
	return 0;
}

int vnm_rpc_lookup_name(struct vnm_rpc_call *call)
{
	return vnm_rpc_call_name(call, *(char *const *)call->args, call->ret);
}

int vnm_rpc_lookup_uuid(struct vnm_rpc_call *call)
{
	vnm_autofree char *name = NULL;
	struct vnm_error err = { 0 };
	char text[VNM_UUID_STRLEN];
	int r;

	vnm_rpc_uuid_text(call->args, text);
	r = vnm_driver_lookup_uuid(call->driver, text, &name, &err);
	if (r < 0)
		return vnm_rpc_fail(call->fault, &err);
	return vnm_rpc_call_name(call, name, call->ret);
}

int vnm_rpc_get_xml(struct vnm_rpc_call *call)
{
	const vnm_rpc_net_flags_args *args = call->args;
	struct vnm_error err = { 0 };
	int r = vnm_rpc_call_flags(call, args->flags, XML_INACTIVE);

	if (r == 0)
		r = vnm_rpc_call_find(call, &args->net);
	if (r < 0)
		return r;
	r = vnm_driver_dumpxml(call->driver, call->network,
			       &(struct vnm_dumpxml){ .inactive = args->flags & XML_INACTIVE },
			       call->ret, &err);
	return vnm_rpc_call_result(call, r, &err);
}

/* Of the network that the call names. */
static int flags_of(struct vnm_rpc_call *call, struct vnm_flags *ret)
{
	int r = vnm_rpc_call_find(call, call->args);

	if (r == 0)
		*ret = vnm_driver_flags(call->driver, call->network);
	return r;
}

int vnm_rpc_get_autostart(struct vnm_rpc_call *call)
{
	struct vnm_flags flags = { 0 };
	int r = flags_of(call, &flags);

	*(int *)call->ret = flags.autostart;
	return r;
}

int vnm_rpc_get_bridge(struct vnm_rpc_call *call)
{
	struct vnm_info info = { 0 };
	struct vnm_error err = { 0 };
	int r = vnm_rpc_call_find(call, call->args);

	if (r < 0)
		return r;
	r = vnm_rpc_call_result(
		call, vnm_driver_info(call->driver, call->network, false, &info, &err), &err);
	if (r == 0 && !info.bridge)
		r = vnm_rpc_refuse(call->fault, VNM_RPC_CODE_INTERNAL, VNM_RPC_DOMAIN_NETWORK,
				   "network '%s' does not have a bridge name.", call->network);
	else if (r == 0)
		*(char **)call->ret = vnm_strdup(info.bridge);
	vnm_info_clear(&info);
	return r;
}

int vnm_rpc_is_active(struct vnm_rpc_call *call)
{
	struct vnm_flags flags = { 0 };
	int r = flags_of(call, &flags);

	*(int *)call->ret = flags.active;
	return r;
}

int vnm_rpc_is_persistent(struct vnm_rpc_call *call)
{
	struct vnm_flags flags = { 0 };
	int r = flags_of(call, &flags);

	*(int *)call->ret = flags.persistent;
	return r;
}
