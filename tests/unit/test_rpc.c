/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_rpc.c - messages of libvirt's remote protocol, as bytes: what is accepted, and how calls are answered that must not be made. */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "rpc/dispatch.h"
#include "runner.h"
#include "util/mem.h"

const char vnm_suite[] = "rpc";

#define OPEN 1
#define LOOKUP_BY_NAME 46
#define DEFINE_XML 41
#define LONGEST VNM_RPC_FRAME_MAX

/* A message of words, whose length is filled in. */
struct message {
	uint32_t words[32];
	size_t n;
};

static void put(struct message *message, uint32_t word)
{
	message->words[message->n++] = htonl(word);
	message->words[0] = htonl((uint32_t)(message->n * sizeof(uint32_t)));
}

static struct message call(uint32_t procedure)
{
	const uint32_t head[] = { 0, VNM_RPC_PROGRAM, 1, procedure, VNM_RPC_TYPE_CALL, 7, 0 };
	struct message message = { 0 };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(head); i++)
		put(&message, head[i]);
	return message;
}

/* @word: 1 program, 2 version, 4 type, 6 status. */
static struct message changed(uint32_t procedure, size_t word, uint32_t value)
{
	struct message message = call(procedure);

	message.words[word] = htonl(value);
	return message;
}

static void lengths(void)
{
	static const struct {
		uint32_t length;
		int r;
	} cases[] = { { 0, -EMSGSIZE },	       { 3, -EMSGSIZE },
		      { 27, -EMSGSIZE },       { 28, 0 },
		      { LONGEST, 0 },	       { LONGEST + 1, -EMSGSIZE },
		      { 33554436, -EMSGSIZE }, { UINT32_MAX, -EMSGSIZE } };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++) {
		uint32_t word = htonl(cases[i].length);
		size_t len;

		VNM_ASSERT_INT_EQ(vnm_rpc_frame_length(&word, 3, &len), 0);
		VNM_ASSERT_INT_EQ(len, 0);
		VNM_ASSERT_INT_EQ(vnm_rpc_frame_length(&word, 4, &len), cases[i].r);
		if (cases[i].r == 0)
			VNM_ASSERT_INT_EQ(len, cases[i].length);
	}
}

/* Return: whether it could be decoded; @ret: the name, or NULL. */
static bool decode_open(const struct message *message, char **ret)
{
	static const struct vnm_rpc_shape shape = { (xdrproc_t)xdr_vnm_rpc_open_args,
						    sizeof(vnm_rpc_open_args) };
	vnm_rpc_open_args args = { 0 };
	bool valid =
		vnm_rpc_frame_decode(message->words, message->n * sizeof(uint32_t), &shape, &args);

	*ret = valid && args.name ? vnm_strdup(*args.name) : NULL;
	xdr_free((xdrproc_t)xdr_vnm_rpc_open_args, &args);
	return valid;
}

static void payloads(void)
{
	static const struct {
		const char *what, *name;
		bool valid;
		uint32_t words[5];
		size_t n;
	} cases[] = {
		{ "no name", NULL, true, { 0, 0 }, 2 },
		{ "a name", "ab", true, { 1, 2, 0x61620000, 0 }, 4 },
		{ "present as go-libvirt says it",
		  "ab",
		  true,
		  { 0x01000000, 2, 0x61620000, 0 },
		  4 },
		{ "padding that is not zero", "ab", true, { 1, 2, 0x61627a7a, 0 }, 4 },
		{ "more than there should be", "ab", true, { 1, 2, 0x61620000, 0, 5 }, 5 },
		{ "a NUL in the name", NULL, false, { 1, 4, 0x61006200, 0 }, 4 },
		{ "a NUL in the name that padding would hide",
		  NULL,
		  false,
		  { 1, 2, 0x61000000, 0 },
		  4 },
		{ "flags are missing", NULL, false, { 1, 2, 0x61620000 }, 3 },
		{ "a name that is not there", NULL, false, { 1, 4194303 }, 2 },
		{ "a name longer than any", NULL, false, { 1, UINT32_MAX, 0, 0 }, 4 },
		{ "nothing", NULL, false, { 0 }, 0 },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++) {
		struct message message = call(OPEN);
		vnm_autofree char *name = NULL;

		for (size_t k = 0; k < cases[i].n; k++)
			put(&message, cases[i].words[k]);
		vnm_check_int(cases[i].what, decode_open(&message, &name), cases[i].valid, __FILE__,
			      __LINE__, 0);
		VNM_ASSERT_STR_EQ(name, cases[i].name);
	}
}

/* Of a reply that is an error: its code and its text, allocated; 0 and NULL of none. */
static int read_fault(const struct vnm_buf *out, char **ret)
{
	static const struct vnm_rpc_shape shape = { (xdrproc_t)xdr_vnm_rpc_error,
						    sizeof(vnm_rpc_error) };
	struct vnm_rpc_header header;
	vnm_rpc_autofault vnm_rpc_error fault = { 0 };

	*ret = NULL;
	if (out->len < VNM_RPC_FRAME_HEAD)
		return 0;
	vnm_rpc_frame_header(out->data, &header);
	VNM_ASSERT_INT_EQ(header.type, VNM_RPC_TYPE_REPLY);
	VNM_ASSERT_INT_EQ(header.serial, 7);
	if (header.status != VNM_RPC_STATUS_ERROR)
		return 0;
	CU_ASSERT_FATAL(vnm_rpc_frame_decode(out->data, out->len, &shape, &fault));
	CU_ASSERT_PTR_NOT_NULL_FATAL(fault.message);
	VNM_ASSERT_INT_EQ(fault.level, 2);
	*ret = vnm_strdup(*fault.message);
	return fault.code;
}

/* Dispatched by a client that is in @opened and @read_only. Return: the error's code. */
static int dispatch(const struct message *message, bool opened, bool read_only, char **ret_text,
		    bool *ret_called)
{
	struct vnm_rpc_client client = { .fd = -1, .opened = opened, .read_only = read_only };
	vnm_autobuf struct vnm_buf out = { 0 };

	*ret_called = vnm_rpc_dispatch(&client, message->words, &out) != NULL;
	return read_fault(&out, ret_text);
}

static void refusals(void)
{
	const struct {
		struct message message;
		bool opened, read_only, called;
		int code;
		const char *text;
	} cases[] = {
		{ call(OPEN), false, false, true, 0, NULL },
		{ call(LOOKUP_BY_NAME), true, true, true, 0, NULL },
		{ call(DEFINE_XML), true, false, true, 0, NULL },
		{ call(DEFINE_XML), false, false, false, 1, "connection not open" },
		{ call(DEFINE_XML), true, true, false, 29,
		  "operation forbidden: read only access prevents virNetworkDefineXML" },
		{ call(4), true, false, false, 39, "unknown procedure: 4" },
		{ call(UINT32_MAX), true, false, false, 39, "unknown procedure: -1" },
		{ changed(OPEN, 2, 2), false, false, false, 39,
		  "Cannot find program 536903814 version 2" },
		{ changed(OPEN, 1, 5), false, false, false, 39, "Cannot find program 5 version 1" },
		{ changed(OPEN, 6, 1), false, false, false, 39, "Unexpected message status 1" },
		{ changed(OPEN, 4, VNM_RPC_TYPE_REPLY), false, false, false, 0, NULL },
		{ changed(OPEN, 4, VNM_RPC_TYPE_STREAM), false, false, false, 0, NULL },
		{ changed(OPEN, 4, VNM_RPC_TYPE_CALL_FDS), false, false, false, 39,
		  "unknown procedure: 1" },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++) {
		vnm_autofree char *text = NULL;
		bool called;

		VNM_ASSERT_INT_EQ(dispatch(&cases[i].message, cases[i].opened, cases[i].read_only,
					   &text, &called),
				  cases[i].code);
		VNM_ASSERT_STR_EQ(text, cases[i].text);
		VNM_ASSERT_INT_EQ(called, cases[i].called);
	}
}

static void keepalive(void)
{
	struct vnm_rpc_client client = { .fd = -1 };
	vnm_autobuf struct vnm_buf out = { 0 };
	struct message ping = changed(1, 1, VNM_RPC_PROGRAM_KEEPALIVE);
	struct vnm_rpc_header header;

	ping.words[4] = htonl(VNM_RPC_TYPE_MESSAGE);
	CU_ASSERT_PTR_NULL(vnm_rpc_dispatch(&client, ping.words, &out));
	VNM_ASSERT_INT_EQ_FATAL(out.len, VNM_RPC_FRAME_HEAD);
	vnm_rpc_frame_header(out.data, &header);
	VNM_ASSERT_INT_EQ(header.program, VNM_RPC_PROGRAM_KEEPALIVE);
	VNM_ASSERT_INT_EQ(header.procedure, 2);
	VNM_ASSERT_INT_EQ(header.type, VNM_RPC_TYPE_MESSAGE);
	ping.words[3] = htonl(2);
	CU_ASSERT_PTR_NULL(vnm_rpc_dispatch(&client, ping.words, &out));
	VNM_ASSERT_INT_EQ(out.len, VNM_RPC_FRAME_HEAD);
}

const struct vnm_test vnm_tests[] = {
	{ "lengths", lengths },
	{ "payloads", payloads },
	{ "refusals", refusals },
	{ "keepalive", keepalive },
	{ 0 },
};
