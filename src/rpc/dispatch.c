/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dispatch.c - from a message to its answer.
 *
 * Theory of operation. vnm_rpc_dispatch() answers what needs no procedure: keepalive, and calls that must not be made. For
 * others it returns the row of procedures.c, and vnm_rpc_perform() decodes the arguments, opens the driver if the row says so,
 * runs the procedure, and encodes the result; where the row says that it changes something, in the connection's worker. What only
 * stores a definition is tried by vnm_rpc_perform_at_once() first, with the driver of the calls that read.
 *
 * Of each message exactly one answer, or none at all, is appended: to what is no call, nobody expects one.
 */
#include "rpc/dispatch.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <stdio.h>
#include <unistd.h>

#include "driver/driver.h"
#include "rpc/fault.h"
#include "rpc/frame.h"
#include "util/mem.h"
#include "util/poll.h"

enum keepalive { KEEPALIVE_PING = 1, KEEPALIVE_PONG };

static struct vnm_rpc_header reply_to(const struct vnm_rpc_header *call, enum vnm_rpc_status status)
{
	struct vnm_rpc_header reply = *call;

	reply.type = VNM_RPC_TYPE_REPLY;
	reply.status = status;
	return reply;
}

/** vnm_rpc_answer_fault() - answer a call with an error */
void vnm_rpc_answer_fault(const struct vnm_rpc_header *call, const vnm_rpc_error *fault,
			  struct vnm_buf *out)
{
	static const struct vnm_rpc_shape shape = { (xdrproc_t)xdr_vnm_rpc_error,
						    sizeof(vnm_rpc_error) };
	const struct vnm_rpc_header reply = reply_to(call, VNM_RPC_STATUS_ERROR);

	(void)vnm_rpc_frame_encode(&reply, &shape, fault, out);
}

static void answer_keepalive(const struct vnm_rpc_header *header, struct vnm_buf *out)
{
	static const struct vnm_rpc_shape none = { vnm_rpc_xdr_nothing, 0 };
	struct vnm_rpc_header pong = *header;

	if (header->type != VNM_RPC_TYPE_MESSAGE || header->procedure != KEEPALIVE_PING)
		return;
	pong.procedure = KEEPALIVE_PONG;
	(void)vnm_rpc_frame_encode(&pong, &none, NULL, out);
}

/* May the procedure be called now? Return: 0 or -EINVAL. */
static int check_rights(const struct vnm_rpc_client *client,
			const struct vnm_rpc_procedure *procedure, vnm_rpc_error *fault)
{
	if (!client->opened && !(procedure->rights & VNM_RPC_MAY_UNOPENED))
		return vnm_rpc_refuse(fault, VNM_RPC_CODE_INTERNAL, VNM_RPC_DOMAIN_RPC,
				      "connection not open");
	if (client->read_only && !(procedure->rights & VNM_RPC_MAY_READ_ONLY))
		return vnm_rpc_refuse(fault, VNM_RPC_CODE_DENIED, VNM_RPC_DOMAIN_NETWORK,
				      "operation forbidden: read only access prevents %s",
				      procedure->function);
	return 0;
}

/* Return: 0, *@ret NULL if no answer is expected; or -EINVAL with @fault set. */
static int find(const struct vnm_rpc_client *client, const struct vnm_rpc_header *header,
		const struct vnm_rpc_procedure **ret, vnm_rpc_error *fault)
{
	const struct vnm_rpc_procedure *procedure;

	*ret = NULL;
	if (header->program != VNM_RPC_PROGRAM || header->version != VNM_RPC_VERSION)
		return vnm_rpc_refuse(fault, VNM_RPC_CODE_RPC, VNM_RPC_DOMAIN_RPC,
				      "Cannot find program %u version %u", header->program,
				      header->version);
	if (header->type != VNM_RPC_TYPE_CALL && header->type != VNM_RPC_TYPE_CALL_FDS)
		return 0;
	if (header->status != VNM_RPC_STATUS_OK)
		return vnm_rpc_refuse(fault, VNM_RPC_CODE_RPC, VNM_RPC_DOMAIN_RPC,
				      "Unexpected message status %u", header->status);
	procedure = vnm_rpc_procedure_find(header->procedure);
	/* Clients know these words. No procedure of ours takes descriptors. */
	if (!procedure || header->type == VNM_RPC_TYPE_CALL_FDS)
		return vnm_rpc_refuse(fault, VNM_RPC_CODE_RPC, VNM_RPC_DOMAIN_RPC,
				      "unknown procedure: %d", header->procedure);
	if (check_rights(client, procedure, fault) < 0)
		return -EINVAL;
	*ret = procedure;
	return 0;
}

/**
 * vnm_rpc_dispatch() - look at a message
 * @client: who sent it
 * @frame:  the message, at least VNM_RPC_FRAME_HEAD bytes
 * @out:    gets the answer, if there is to be one and no procedure is needed for it
 *
 * Return: the procedure that is called, for vnm_rpc_perform(); NULL: nothing is left to do.
 */
const struct vnm_rpc_procedure *vnm_rpc_dispatch(struct vnm_rpc_client *client, const void *frame,
						 struct vnm_buf *out)
{
	const struct vnm_rpc_procedure *procedure;
	vnm_rpc_autofault vnm_rpc_error fault = { 0 };
	struct vnm_rpc_header header;

	vnm_rpc_frame_header(frame, &header);
	if (vnm_rpc_frame_keepalive(&header)) {
		answer_keepalive(&header, out);
		return NULL;
	}
	if (find(client, &header, &procedure, &fault) < 0)
		vnm_rpc_answer_fault(&header, &fault, out);
	return procedure;
}

/* What a command would tell its user is for the server's log. */
static void report(void *data, enum vnm_report_kind kind, const char *line)
{
	(void)data;
	if (kind == VNM_REPORT_WARNING)
		dprintf(STDERR_FILENO, "warning: %s\n", line);
}

/* Allocated: whose process it is, and for whom it says that it acts. */
static char *user_name(const struct vnm_rpc_client *client)
{
	const struct passwd *user = getpwuid(client->uid);
	vnm_autofree char *name =
		user ? vnm_strdup(user->pw_name) : vnm_asprintf("%u", (unsigned)client->uid);

	return client->for_user ? vnm_asprintf("%s for %s", name, client->for_user)
				: vnm_steal(&name);
}

/* The log is that of the system's networks. */
static void log_change(const struct vnm_rpc_call *call, const char *action, int64_t begun_ms,
		       bool failed)
{
	struct vnm_rpc_client *client = call->client;
	struct vnm_logged change = {
		.action = action,
		.network = call->network,
		.error = failed ? vnm_rpc_text(call->fault->message) : NULL,
		.msec = vnm_now_ms() - begun_ms,
	};

	if (client->root)
		return;
	if (!client->user)
		client->user = user_name(client);
	change.user = client->user;
	vnm_change_log(&change);
}

/* The one that the last call has left, if it is still good. */
static struct vnm_driver *take_kept(struct vnm_rpc_client *client)
{
	struct vnm_driver *kept = client->kept;

	if (!kept || !vnm_driver_resume(kept)) {
		vnm_rpc_client_forget_driver(client);
		return NULL;
	}
	client->kept = NULL;
	return kept;
}

/* Whoever may only look does not hold up those who change something. @wait: seconds for the lock; -1: as a command does */
static int open_driver(struct vnm_rpc_call *call, unsigned rights, int wait, struct vnm_error *err)
{
	bool reads = !(rights & VNM_RPC_MAY_CHANGE);
	const struct vnm_options options = {
		.root = call->client->root,
		.schema = call->client->schema,
		.reads = reads,
		.looks = call->client->read_only,
		.late = rights & VNM_RPC_MAY_BE_FIRST,
		.wait = wait,
		.report = { .line = report },
	};

	call->driver = reads ? take_kept(call->client) : NULL;
	return call->driver ? 0 : vnm_driver_open(&options, &call->driver, err);
}

static void close_driver(struct vnm_rpc_call *call, bool reads)
{
	if (reads && vnm_driver_pause(call->driver))
		call->client->kept = call->driver;
	else
		vnm_driver_close(call->driver);
}

/* Return: 0 or negative. */
static int run_and_close(struct vnm_rpc_call *call, const struct vnm_rpc_procedure *procedure,
			 bool reads, int64_t begun_ms)
{
	int r = procedure->run(call);

	if (procedure->action)
		log_change(call, procedure->action, begun_ms, r < 0);
	close_driver(call, reads);
	return r;
}

/* Run a procedure with the driver open. Return: 0 or negative. */
static int run_with_driver(struct vnm_rpc_call *call, const struct vnm_rpc_procedure *procedure)
{
	struct vnm_error err = { 0 };
	int64_t begun_ms = vnm_now_ms();

	if (open_driver(call, procedure->rights, -1, &err) < 0)
		return vnm_rpc_fail(call->fault, &err);
	return run_and_close(call, procedure, !(procedure->rights & VNM_RPC_MAY_CHANGE), begun_ms);
}

/* Return: as run_with_driver(); or nothing is done, since that might take long, and @call says so. */
static int run_at_once(struct vnm_rpc_call *call, const struct vnm_rpc_procedure *procedure)
{
	struct vnm_error ignored = { 0 };
	int64_t begun_ms = vnm_now_ms();

	call->put_off = true;
	if (open_driver(call, VNM_RPC_MAY_LOOK, 0, &ignored) < 0)
		return -EAGAIN;
	if (!vnm_driver_begin_definition(call->driver)) {
		close_driver(call, true);
		return -EAGAIN;
	}
	call->put_off = false;
	return run_and_close(call, procedure, true, begun_ms);
}

static int run(struct vnm_rpc_call *call, const struct vnm_rpc_procedure *procedure)
{
	if (call->at_once)
		return run_at_once(call, procedure);
	if (procedure->rights & (VNM_RPC_MAY_LOOK | VNM_RPC_MAY_CHANGE))
		return run_with_driver(call, procedure);
	return procedure->run(call);
}

/* Return: false: @at_once, and it was put off; then there is no answer. */
static bool perform(struct vnm_rpc_client *client, const struct vnm_rpc_procedure *procedure,
		    const void *frame, size_t len, bool at_once, struct vnm_buf *out)
{
	vnm_autofree void *args = vnm_alloc(procedure->args.size);
	vnm_autofree void *ret = vnm_alloc(procedure->ret.size);
	vnm_rpc_autofault vnm_rpc_error fault = { 0 };
	struct vnm_rpc_call call = {
		.client = client,
		.function = procedure->function,
		.args = args,
		.ret = ret,
		.fault = &fault,
		.at_once = at_once,
	};
	struct vnm_rpc_header header, reply;
	int r;

	vnm_rpc_frame_header(frame, &header);
	reply = reply_to(&header, VNM_RPC_STATUS_OK);
	if (!vnm_rpc_frame_decode(frame, len, &procedure->args, args))
		r = vnm_rpc_refuse(&fault, VNM_RPC_CODE_RPC, VNM_RPC_DOMAIN_RPC,
				   "Unable to decode message payload");
	else
		r = run(&call, procedure);
	if (r == 0 && !vnm_rpc_frame_encode(&reply, &procedure->ret, ret, out))
		r = vnm_rpc_refuse(&fault, VNM_RPC_CODE_RPC, VNM_RPC_DOMAIN_RPC,
				   "Unable to encode message payload");
	if (r < 0 && !call.put_off)
		vnm_rpc_answer_fault(&header, &fault, out);
	xdr_free(procedure->args.xdr, args);
	xdr_free(procedure->ret.xdr, ret);
	free(call.network);
	return !call.put_off;
}

/**
 * vnm_rpc_perform() - make a call
 * @client:    who calls
 * @procedure: of vnm_rpc_dispatch()
 * @frame:     the message
 * @len:       its bytes
 * @out:       gets the answer
 */
void vnm_rpc_perform(struct vnm_rpc_client *client, const struct vnm_rpc_procedure *procedure,
		     const void *frame, size_t len, struct vnm_buf *out)
{
	(void)perform(client, procedure, frame, len, false, out);
}

/**
 * vnm_rpc_perform_at_once() - vnm_rpc_perform() of a procedure that changes something, if it need not be waited for
 *
 * Return: false: it may have to be; then nothing was done, and there is no answer.
 */
bool vnm_rpc_perform_at_once(struct vnm_rpc_client *client,
			     const struct vnm_rpc_procedure *procedure, const void *frame,
			     size_t len, struct vnm_buf *out)
{
	return (procedure->rights & VNM_RPC_MAY_DEFINE) &&
	       perform(client, procedure, frame, len, true, out);
}

/**
 * vnm_rpc_make_ready() - open the driver for the next call before that comes
 * @client: its worker has made a change, so the driver of the call before is of no use any more
 */
void vnm_rpc_make_ready(struct vnm_rpc_client *client)
{
	struct vnm_rpc_call call = { .client = client };
	struct vnm_error ignored = { 0 };

	if (open_driver(&call, VNM_RPC_MAY_LOOK, 0, &ignored) == 0)
		close_driver(&call, true);
}
