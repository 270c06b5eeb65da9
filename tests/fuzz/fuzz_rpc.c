/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_rpc.c - what a client sends to vnetmgr-rpc: its whole connection, over a driver that answers anything (rpc_driver.c). To each
 * call there is one answer, complete and decodable, in the order of the calls; arguments that are accepted can be sent again.
 */
#include "fuzz.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rpc/connection.h"
#include "rpc/frame.h"
#include "rpc/procedures.h"
#include "rpc_stub.h"
#include "util/file.h"
#include "util/mem.h"

const char vnm_fuzz_name[] = "rpc";

/* Decoded, encoded and decoded again: the same. Return: whether it can be decoded at all. */
static bool check_payload(const struct vnm_rpc_shape *shape, const char *what, const void *frame,
			  size_t len)
{
	vnm_autofree void *args = vnm_alloc(shape->size + 1);
	vnm_autofree void *again = vnm_alloc(shape->size + 1);
	vnm_autobuf struct vnm_buf first = { 0 }, second = { 0 };
	bool valid = vnm_rpc_frame_decode(frame, len, shape, args);
	struct vnm_rpc_header header;

	vnm_rpc_frame_header(frame, &header);
	if (valid) {
		vnm_fuzz_true(vnm_rpc_frame_encode(&header, shape, args, &first), "it is encoded",
			      what);
		vnm_fuzz_true(vnm_rpc_frame_decode(first.data, first.len, shape, again),
			      "and decoded again", what);
		vnm_fuzz_true(vnm_rpc_frame_encode(&header, shape, again, &second) &&
				      first.len == second.len &&
				      !memcmp(first.data, second.data, first.len),
			      "to the same", what);
		xdr_free(shape->xdr, again);
	}
	xdr_free(shape->xdr, args);
	return valid;
}

/* Is a message of a client one that is answered, after all before it? */
static bool is_call(const struct vnm_rpc_header *header)
{
	if (vnm_rpc_frame_keepalive(header))
		return false;
	return header->program != VNM_RPC_PROGRAM || header->version != VNM_RPC_VERSION ||
	       header->type == VNM_RPC_TYPE_CALL || header->type == VNM_RPC_TYPE_CALL_FDS;
}

/* The next call of the input. Return: NULL: there is none. */
static const uint8_t *next_call(const uint8_t *data, size_t size, size_t *at)
{
	while (*at < size) {
		const uint8_t *frame = data + *at;
		const struct vnm_rpc_procedure *procedure;
		struct vnm_rpc_header header;
		size_t len;

		(void)vnm_rpc_frame_length(frame, size - *at, &len);
		*at += len;
		vnm_rpc_frame_header(frame, &header);
		procedure = vnm_rpc_procedure_find(header.procedure);
		if (procedure)
			check_payload(&procedure->args, procedure->function, frame, len);
		if (is_call(&header))
			return frame;
	}
	return NULL;
}

static void check_reply(const uint8_t *call, const char *frame, size_t len)
{
	static const struct vnm_rpc_shape fault = { (xdrproc_t)xdr_vnm_rpc_error,
						    sizeof(vnm_rpc_error) };
	const struct vnm_rpc_procedure *procedure;
	struct vnm_rpc_header asked, header;
	vnm_rpc_error error = { 0 };

	vnm_fuzz_true(call != NULL, "there was a call", "");
	vnm_rpc_frame_header(call, &asked);
	vnm_rpc_frame_header(frame, &header);
	procedure = vnm_rpc_procedure_find(header.procedure);
	vnm_fuzz_true(header.serial == asked.serial && header.program == asked.program &&
			      header.version == asked.version &&
			      header.procedure == asked.procedure,
		      "the answer is that of the call", procedure ? procedure->function : "");
	if (header.status == VNM_RPC_STATUS_OK) {
		vnm_fuzz_true(procedure && check_payload(&procedure->ret, procedure->function,
							 frame, len),
			      "a result", "");
		return;
	}
	vnm_fuzz_true(check_payload(&fault, "error", frame, len) &&
			      vnm_rpc_frame_decode(frame, len, &fault, &error) && error.message &&
			      error.code > 0,
		      "an error has a message", "");
	xdr_free(fault.xdr, &error);
}

/* Return: whether a message that is no answer may be sent at all. */
static bool is_expected(const struct vnm_rpc_header *header)
{
	return header->type == VNM_RPC_TYPE_MESSAGE &&
	       (header->program == VNM_RPC_PROGRAM_KEEPALIVE || header->procedure == 315 ||
		header->procedure == 446);
}

/* @valid: the bytes of the input's whole messages; @all: nothing but the rest of one follows. */
static void check_answers(const uint8_t *data, size_t valid, bool all, const struct vnm_buf *out)
{
	size_t at = 0, called = 0, len;

	for (; at < out->len; at += len) {
		struct vnm_rpc_header header;
		int r = vnm_rpc_frame_length(out->data + at, out->len - at, &len);

		vnm_fuzz_true(len >= VNM_RPC_FRAME_HEAD && len <= out->len - at, "whole messages",
			      "");
		(void)r; /* an answer may be longer than a call */
		vnm_rpc_frame_header(out->data + at, &header);
		if (header.type == VNM_RPC_TYPE_REPLY)
			check_reply(next_call(data, valid, &called), out->data + at, len);
		else
			vnm_fuzz_true(is_expected(&header), "an event or a keepalive", "");
	}
	vnm_fuzz_true(!next_call(data, valid, &called) || !all, "every call is answered", "");
}

/** LLVMFuzzerTestOneInput() - a client's messages. Return: 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct vnm_rpc_terms terms = { .patience = 30 };
	size_t valid = vnm_fuzz_messages(data, size), len = 0;
	unsigned salt = vnm_fuzz_salt(data, size);
	vnm_autobuf struct vnm_buf received = { 0 };
	int fds[2], r;

	r = vnm_rpc_frame_length(data + valid, size - valid, &len);
	vnm_fuzz_true(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == 0, "a socket", "");
	vnm_fuzz_driver_begin(salt);
	vnm_fuzz_peer_begin(fds[1], data, size);
	vnm_rpc_connection_serve(fds[0], salt % 8 == 0, &terms);
	close(fds[0]);
	vnm_fuzz_driver_end();
	vnm_fuzz_peer_end(&received);
	close(fds[1]);
	check_answers(data, valid, r == 0, &received);
	return 0;
}
