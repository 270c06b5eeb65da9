/* SPDX-License-Identifier: GPL-2.0-or-later */
/* call_metadata.c - procedures for title, description and metadata. */
#include "rpc/call_metadata.h"

#include <errno.h>

#include "driver/driver.h"
#include "rpc/call.h"
#include "util/mem.h"

/* libvirt's number of a kind, as one of ours. Return: 0 or -EINVAL. */
static int read_kind(struct vnm_rpc_call *call, int type, const char *uri, struct vnm_note *ret)
{
	static const enum vnm_note_kind kinds[] = { VNM_NOTE_DESCRIPTION, VNM_NOTE_TITLE,
						    VNM_NOTE_METADATA };

	if (type < 0 || type >= (int)VNM_ARRAY_SIZE(kinds))
		return vnm_rpc_refuse(call->fault, VNM_RPC_CODE_INVALID_ARG, VNM_RPC_DOMAIN_NETWORK,
				      "unknown metadata type");
	if (kinds[type] == VNM_NOTE_METADATA && !uri)
		return vnm_rpc_refuse(call->fault, VNM_RPC_CODE_INVALID_ARG, VNM_RPC_DOMAIN_NETWORK,
				      "uri must be given for metadata elements");
	ret->kind = kinds[type];
	ret->uri = uri;
	return 0;
}

int vnm_rpc_set_metadata(struct vnm_rpc_call *call)
{
	const vnm_rpc_set_metadata_args *args = call->args;
	struct vnm_note note = { .text = vnm_rpc_text(args->metadata),
				 .key = vnm_rpc_text(args->key) };
	struct vnm_error err = { 0 };
	int r = vnm_rpc_call_flags(call, args->flags, VNM_AFFECT_LIVE | VNM_AFFECT_CONFIG);

	if (r == 0)
		r = read_kind(call, args->type, vnm_rpc_text(args->uri), &note);
	if (r == 0 && note.kind == VNM_NOTE_METADATA && note.text && !note.key)
		r = vnm_rpc_refuse(call->fault, VNM_RPC_CODE_INVALID_ARG, VNM_RPC_DOMAIN_NETWORK,
				   "key must be given for metadata elements");
	if (r == 0)
		r = vnm_rpc_call_find(call, &args->net);
	if (r < 0)
		return r;
	r = vnm_driver_annotate(call->driver, call->network, args->flags, &note, &err);
	return vnm_rpc_call_result(call, r, &err);
}

static int refuse_missing(struct vnm_rpc_call *call)
{
	return vnm_rpc_refuse(call->fault, VNM_RPC_CODE_NO_METADATA, VNM_RPC_DOMAIN_NETWORK,
			      "metadata not found: Requested metadata element is not present");
}

int vnm_rpc_get_metadata(struct vnm_rpc_call *call)
{
	const vnm_rpc_get_metadata_args *args = call->args;
	unsigned affected = args->flags;
	struct vnm_error err = { 0 };
	struct vnm_note note = { 0 };
	char *text = NULL;
	int r = vnm_rpc_call_flags(call, args->flags, VNM_AFFECT_LIVE | VNM_AFFECT_CONFIG);

	if (r == 0)
		r = read_kind(call, args->type, vnm_rpc_text(args->uri), &note);
	if (r == 0)
		r = vnm_rpc_call_find(call, &args->net);
	if (r < 0)
		return r;
	r = vnm_driver_annotation(call->driver, call->network, &affected, &note, &text, &err);
	if (r == -ENOENT || (r == 0 && !text))
		return refuse_missing(call);
	*(char **)call->ret = text;
	return vnm_rpc_call_result(call, r, &err);
}
