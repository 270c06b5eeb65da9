/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nl_batch.c - many changes in one message to the kernel.
 *
 * The kernel processes such a message within the one system call that sends it, change by change, and continues after
 * one that it refuses (kernel netlink_rcv_skb()). A signal, even SIGKILL, takes effect when the call returns; so all
 * changes are processed, or none. Every error is answered, and the last change in any case: its answer is the end.
 */
#include "sys/netlink/nl_batch.h"

#include <errno.h>
#include <netlink/handlers.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "util/mem.h"

#define OVERHEAD 4096 /* of the socket's buffer, beside the data (kernel netlink_sendmsg()) */

/* The answers to one batch. @last: the final one, unless an error ends a @transaction. */
struct answers {
	struct vnm_nl_batch *batch;
	uint32_t first;
	size_t last;
	bool transaction, done;
};

/**
 * vnm_nl_batch_add() - add a change
 * @batch: the batch
 * @req:   the change; copied
 * @tag:   the caller's
 */
void vnm_nl_batch_add(struct vnm_nl_batch *batch, const struct vnm_nl_req *req, int tag)
{
	static const char padding[NLMSG_ALIGNTO];
	const struct nlmsghdr *hdr = nlmsg_hdr(req->msg);

	batch->steps = vnm_array_add(batch->steps, &batch->n, sizeof(*batch->steps));
	batch->steps[batch->n - 1] = (struct vnm_nl_step){ .at = batch->data.len, .tag = tag };
	vnm_buf_addn(&batch->data, hdr, hdr->nlmsg_len);
	vnm_buf_addn(&batch->data, padding, NLMSG_ALIGN(hdr->nlmsg_len) - hdr->nlmsg_len);
}

/**
 * vnm_nl_batch_clear() - free a batch
 * @batch: becomes all zero
 */
void vnm_nl_batch_clear(struct vnm_nl_batch *batch)
{
	vnm_buf_clear(&batch->data);
	free(batch->steps);
	*batch = (struct vnm_nl_batch){ 0 };
}

static void record_answer(struct answers *answers, uint32_t seq, int rc)
{
	uint32_t i = seq - answers->first;

	if (i >= answers->batch->n)
		return;
	answers->batch->steps[i].rc = rc;
	answers->done = i == answers->last || (answers->transaction && rc < 0);
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *e, void *data)
{
	(void)from;
	record_answer(data, e->msg.nlmsg_seq, e->error < 0 ? e->error : -EPROTO);
	return NL_SKIP;
}

static int on_ack(struct nl_msg *msg, void *data)
{
	record_answer(data, nlmsg_hdr(msg)->nlmsg_seq, 0);
	return NL_SKIP;
}

static int on_notice(struct nl_msg *msg, void *data)
{
	const struct vnm_nl_sink *sink = &((struct answers *)data)->batch->notice;

	if (sink->each)
		(void)sink->each(nlmsg_hdr(msg), sink->data);
	return NL_SKIP;
}

/* The numbers are compared in record_answer(). */
static int any_number(struct nl_msg *msg, void *data)
{
	(void)msg, (void)data;
	return NL_OK;
}

static void cleanup_cb(struct nl_cb **cb)
{
	nl_cb_put(*cb);
}

static struct nl_cb *handlers(struct answers *answers)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);

	if (!cb)
		vnm_oom();
	nl_cb_set(cb, NL_CB_SEQ_CHECK, NL_CB_CUSTOM, any_number, NULL);
	nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_ack, answers);
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_notice, answers);
	nl_cb_err(cb, NL_CB_CUSTOM, on_error, answers);
	return cb;
}

/* A batch is sent whole, so the socket's buffer must have room for it. */
static int make_room(struct nl_sock *nl, size_t len)
{
	int fd = nl_socket_get_fd(nl), have = 0, want = (int)len + OVERHEAD;
	socklen_t size = sizeof(have);

	if (len > INT32_MAX / 4)
		return -EMSGSIZE;
	if (getsockopt(fd, SOL_SOCKET, SO_SNDBUF, &have, &size) == 0 && have >= want)
		return 0;
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &want, sizeof(want)) < 0 &&
	    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &want, sizeof(want)) < 0)
		return -errno;
	return 0;
}

static void number(struct nl_sock *nl, struct vnm_nl_batch *batch, struct answers *answers)
{
	for (size_t i = 0; i < batch->n; i++) {
		struct nlmsghdr *hdr = (struct nlmsghdr *)(batch->data.data + batch->steps[i].at);

		hdr->nlmsg_seq = nl_socket_use_seq(nl);
		hdr->nlmsg_pid = nl_socket_get_local_port(nl);
		hdr->nlmsg_flags |= NLM_F_REQUEST | (i == answers->last ? NLM_F_ACK : 0);
		if (i == 0)
			answers->first = hdr->nlmsg_seq;
	}
}

/* An interrupted call has sent all or nothing. */
static int send_all(struct nl_sock *nl, const struct vnm_buf *data)
{
	ssize_t n;

	do
		n = send(nl_socket_get_fd(nl), data->data, data->len, 0);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

/**
 * vnm_nl_batch_run() - make all the changes
 * @sys:   the handles
 * @batch: the changes; @batch->steps get the result of each
 *
 * Return: 0, or -errno when the message could not be sent, or answers were lost; the changes may then have been made.
 */
int vnm_nl_batch_run(struct vnm_sys *sys, struct vnm_nl_batch *batch)
{
	struct answers answers = {
		.batch = batch,
		.last = batch->n - 1 - batch->silent,
		.transaction = sys->nl_protocol == NETLINK_NETFILTER,
	};
	struct nl_cb *cb __attribute__((cleanup(cleanup_cb))) = handlers(&answers);
	int r = batch->n > batch->silent ? vnm_nl_open(sys) : -EINVAL;

	if (r < 0)
		return r;
	r = make_room(sys->nl, batch->data.len);
	if (r == 0) {
		number(sys->nl, batch, &answers);
		r = send_all(sys->nl, &batch->data);
	}
	while (r == 0 && !answers.done)
		if (nl_recvmsgs(sys->nl, cb) < 0 && !answers.done)
			r = -EPROTO;
	/* libnl expects one answer for each sequence number. Here late answers are recognised by theirs. */
	if (r < 0 || !batch->keep)
		vnm_nl_close(sys);
	return r;
}
