/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_rpc.c - what a client sends to vnetmgr-rpc, one message after the other: to each there is one answer, or none; arguments that
 * are accepted can be sent again. Procedures that need the driver, or a process, are not run.
 */
#include "fuzz.h"

#include <string.h>

#include "rpc/dispatch.h"
#include "util/mem.h"

#define REGISTER 313 /* starts a watcher */

const char vnm_fuzz_name[] = "rpc";

/* Decoded, encoded and decoded again: the same. */
static void check_arguments(const struct vnm_rpc_procedure *procedure, const uint8_t *frame,
			    size_t len)
{
	vnm_autofree void *args = vnm_alloc(procedure->args.size + 1);
	vnm_autofree void *again = vnm_alloc(procedure->args.size + 1);
	vnm_autobuf struct vnm_buf first = { 0 }, second = { 0 };
	struct vnm_rpc_header header;

	vnm_rpc_frame_header(frame, &header);
	if (vnm_rpc_frame_decode(frame, len, &procedure->args, args)) {
		vnm_fuzz_true(vnm_rpc_frame_encode(&header, &procedure->args, args, &first),
			      "arguments are encoded", procedure->function);
		vnm_fuzz_true(vnm_rpc_frame_decode(first.data, first.len, &procedure->args, again),
			      "and decoded again", procedure->function);
		vnm_fuzz_true(vnm_rpc_frame_encode(&header, &procedure->args, again, &second) &&
				      first.len == second.len &&
				      !memcmp(first.data, second.data, first.len),
			      "to the same", procedure->function);
		xdr_free(procedure->args.xdr, again);
	}
	xdr_free(procedure->args.xdr, args);
}

/* One message at most, complete, of the call's serial number. */
static void check_answer(const uint8_t *frame, const struct vnm_buf *out)
{
	struct vnm_rpc_header call, answer;
	size_t len = 0;

	if (out->len == 0)
		return;
	vnm_fuzz_true(vnm_rpc_frame_length(out->data, out->len, &len) == 0 && len == out->len,
		      "the answer is one message", "");
	vnm_rpc_frame_header(frame, &call);
	vnm_rpc_frame_header(out->data, &answer);
	vnm_fuzz_true(answer.serial == call.serial && answer.program == call.program,
		      "and that of the call", "");
}

static void handle(struct vnm_rpc_client *client, const uint8_t *frame, size_t len)
{
	vnm_autobuf struct vnm_buf out = { 0 };
	const struct vnm_rpc_procedure *procedure = vnm_rpc_dispatch(client, frame, &out);

	if (procedure) {
		vnm_fuzz_true(out.len == 0, "no answer before the call is made", "");
		check_arguments(procedure, frame, len);
	}
	if (procedure && procedure->number != REGISTER &&
	    !(procedure->rights & (VNM_RPC_MAY_LOOK | VNM_RPC_MAY_CHANGE))) {
		vnm_rpc_perform(client, procedure, frame, len, &out);
		vnm_fuzz_true(out.len > 0, "a call is answered", procedure->function);
	}
	check_answer(frame, &out);
}

/** LLVMFuzzerTestOneInput() - a client's messages. Return: 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vnm_rpc_client client = { .fd = -1, .watcher = VNM_RPC_WATCHER_INIT };
	size_t len;

	while (vnm_rpc_frame_length(data, size, &len) == 0 && len > 0 && len <= size) {
		/* A copy, so that a read beyond its end is noticed. */
		vnm_autofree uint8_t *frame = vnm_alloc(len);

		memcpy(frame, data, len);
		handle(&client, frame, len);
		data += len;
		size -= len;
	}
	vnm_rpc_client_clear(&client);
	return 0;
}
