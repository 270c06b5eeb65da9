/* SPDX-License-Identifier: GPL-2.0-or-later */
/* call_change.c - procedures that define, start, change and stop networks. */
#include "rpc/call_change.h"

#include <string.h>

#include "driver/driver.h"
#include "rpc/call.h"
#include "util/mem.h"

#define XML_VALIDATE 1u /* which is always done */
#define SECTION_LAST 12u /* dns-srv: libvirt's sections, counted from 1 in the order of our table */

/* What starts or stops one of many. */
typedef int bulk_fn(struct vnm_driver *drv, const char *const *names, size_t n,
		    struct vnm_result **ret, struct vnm_error *err);

static int one_of_many(struct vnm_rpc_call *call, bulk_fn *run)
{
	struct vnm_result *result = NULL;
	struct vnm_error err = { 0 };
	const char *name;
	int r = vnm_rpc_call_find(call, call->args);

	if (r < 0)
		return r;
	name = call->network;
	r = run(call->driver, &name, 1, &result, &err);
	if (r < 0)
		return vnm_rpc_fail(call->fault, &err);
	if (result->failed)
		r = vnm_rpc_fail(call->fault, &result->err);
	vnm_results_free(result, 1);
	return r;
}

int vnm_rpc_start(struct vnm_rpc_call *call)
{
	return one_of_many(call, vnm_driver_start);
}

int vnm_rpc_destroy(struct vnm_rpc_call *call)
{
	return one_of_many(call, vnm_driver_destroy);
}

int vnm_rpc_undefine(struct vnm_rpc_call *call)
{
	struct vnm_error err = { 0 };
	int r = vnm_rpc_call_find(call, call->args);

	if (r < 0)
		return r;
	return vnm_rpc_call_result(call, vnm_driver_undefine(call->driver, call->network, &err),
				   &err);
}

int vnm_rpc_set_autostart(struct vnm_rpc_call *call)
{
	const vnm_rpc_autostart_args *args = call->args;
	struct vnm_error err = { 0 };
	int r = vnm_rpc_call_find(call, &args->net);

	if (r < 0)
		return r;
	r = vnm_driver_set_autostart(call->driver, call->network, args->autostart != 0, &err);
	return vnm_rpc_call_result(call, r, &err);
}

/* What makes a network of a text. */
typedef int text_fn(struct vnm_driver *drv, const char *text, size_t len, const char *file,
		    struct vnm_applied *ret, struct vnm_error *err);

static int from_text(struct vnm_rpc_call *call, const char *xml, text_fn *run)
{
	vnm_autoapplied struct vnm_applied applied = { 0 };
	struct vnm_error err = { 0 };
	int r = run(call->driver, xml, strlen(xml), "(network_definition)", &applied, &err);

	if (r < 0)
		return vnm_rpc_fail(call->fault, &err);
	vnm_rpc_call_network(call, applied.name, &applied.uuid, call->ret);
	return 0;
}

int vnm_rpc_define_xml(struct vnm_rpc_call *call)
{
	return from_text(call, *(char *const *)call->args, vnm_driver_define);
}

int vnm_rpc_create_xml(struct vnm_rpc_call *call)
{
	return from_text(call, *(char *const *)call->args, vnm_driver_create);
}

int vnm_rpc_define_xml_flags(struct vnm_rpc_call *call)
{
	const vnm_rpc_xml_args *args = call->args;
	int r = vnm_rpc_call_flags(call, args->flags, XML_VALIDATE);

	return r < 0 ? r : from_text(call, args->xml, vnm_driver_define);
}

int vnm_rpc_create_xml_flags(struct vnm_rpc_call *call)
{
	const vnm_rpc_xml_args *args = call->args;
	int r = vnm_rpc_call_flags(call, args->flags, XML_VALIDATE);

	return r < 0 ? r : from_text(call, args->xml, vnm_driver_create);
}

/* libvirt's commands are counted from 1, too, but in another order. */
static int read_change(struct vnm_rpc_call *call, const vnm_rpc_update_args *args,
		       struct vnm_update *ret)
{
	static const enum vnm_update_how commands[] = {
		[1] = VNM_UPDATE_MODIFY,
		[2] = VNM_UPDATE_DELETE,
		[3] = VNM_UPDATE_ADD_LAST,
		[4] = VNM_UPDATE_ADD_FIRST,
	};

	if (args->command < 1 || args->command >= VNM_ARRAY_SIZE(commands))
		return vnm_rpc_refuse(call->fault, VNM_RPC_CODE_UNSUPPORTED, VNM_RPC_DOMAIN_NETWORK,
				      "unrecognized network update command code %u", args->command);
	if (args->section < 1 || args->section > SECTION_LAST)
		return vnm_rpc_refuse(call->fault, VNM_RPC_CODE_UNSUPPORTED, VNM_RPC_DOMAIN_NETWORK,
				      "can't update unrecognized section of network");
	*ret = (struct vnm_update){
		.how = commands[args->command],
		.section = &vnm_sections[args->section - 1],
		.parent = args->parent,
		.xml = args->xml,
		.len = strlen(args->xml),
	};
	return 0;
}

int vnm_rpc_update(struct vnm_rpc_call *call)
{
	const vnm_rpc_update_args *args = call->args;
	vnm_autosteps struct vnm_steps steps = { 0 };
	struct vnm_update update = { 0 };
	struct vnm_error err = { 0 };
	unsigned affected;
	int r = vnm_rpc_call_flags(call, args->flags, VNM_AFFECT_LIVE | VNM_AFFECT_CONFIG);

	if (r == 0)
		r = vnm_rpc_call_find(call, &args->net);
	if (r == 0)
		r = read_change(call, args, &update);
	if (r < 0)
		return r;
	r = vnm_driver_update(call->driver, call->network, args->flags, &update, &affected, &steps,
			      &err);
	return vnm_rpc_call_result(call, r, &err);
}
