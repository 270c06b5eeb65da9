/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netlink.c - requests to the kernel and their answers.
 *
 * Messages are put together in nl_request.c, or by libnl-route for traffic control (sys/traffic/tc.c),
 * and sent here. libnl's core does the framing, the sequence numbers and the parsing; errors are read
 * from the kernel's answer itself, because libnl folds most of them into one code.
 *
 * A change is always acknowledged, and a query is a dump or an acknowledged get, so that the socket
 * is empty after each request. When that is not certain (no memory, an answer out of order), the
 * socket is closed: the next request opens another.
 */
#include "sys/netlink/netlink.h"

#include <errno.h>
#include <netlink/attr.h>
#include <netlink/handlers.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "sys/host/kmod.h"
#include "util/mem.h"

#define DUMP_TRIES 6 /* the first and five more */
#define ANSWER_MAX 65536 /* the kernel fills at most 32 KiB of a dump into one datagram */

#ifndef SOL_NETLINK
#define SOL_NETLINK 270
#endif

/* One exchange, and its result so far. */
struct exchange {
	const struct vnm_nl_sink *sink;
	char *extack;
	size_t extack_size;
	size_t most; /* objects that are wanted; 0: all */
	bool done;
	int rc; /* the kernel's or the sink's -errno */
};

/* Only libnl's codes from its transport are distinguished. */
static int nl_to_errno(int code)
{
	switch (code < 0 ? -code : code) {
	case NLE_SUCCESS: return 0;
	case NLE_NOMEM: return -ENOMEM;
	case NLE_PERM:
	case NLE_NOACCESS: return -EPERM;
	case NLE_INTR: return -EINTR;
	case NLE_AGAIN:
	case NLE_DUMP_INTR: return -EAGAIN;
	case NLE_BAD_SOCK: return -EBADF;
	case NLE_BUSY: return -EBUSY;
	case NLE_OPNOTSUPP:
	case NLE_AF_NOSUPPORT:
	case NLE_PROTO_MISMATCH: return -EOPNOTSUPP;
	default: return -EPROTO;
	}
}

/*
 * Both options are optional: extack (4.12), and strict checking of dump filters (4.20). On an older
 * kernel the caller's own comparison filters, at more cost.
 */
static void socket_options(struct nl_sock *nl)
{
	int fd = nl_socket_get_fd(nl), on = 1;

	(void)setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	(void)setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
	nl_socket_disable_msg_peek(nl);
	nl_socket_set_msg_buf_size(nl, ANSWER_MAX);
}

/**
 * vnm_nl_open() - open the netlink socket in the current network namespace
 * @sys: the handles; no effect when it is open
 *
 * Return: 0 or -errno.
 */
int vnm_nl_open(struct vnm_sys *sys)
{
	struct nl_sock *nl;
	int r;

	if (sys->nl)
		return 0;
	nl = nl_socket_alloc();
	if (!nl)
		vnm_oom();
	errno = 0;
	r = nl_connect(nl, sys->nl_protocol);
	if (r < 0) {
		r = errno ? -errno : nl_to_errno(r);
		nl_socket_free(nl);
		return r;
	}
	socket_options(nl);
	sys->nl = nl;
	return 0;
}

/**
 * vnm_nl_close() - close the netlink socket; the next request opens another
 * @sys: the handles
 */
void vnm_nl_close(struct vnm_sys *sys)
{
	nl_socket_free(sys->nl);
	sys->nl = NULL;
}

/* The extack of an error answer, see struct nlmsgerr: it follows the copy of the request, if there is one. */
static void parse_extack(struct exchange *ex, const struct nlmsgerr *e)
{
	const char *start = (const char *)e - NLMSG_HDRLEN;
	const struct nlmsghdr *hdr = (const struct nlmsghdr *)start;
	size_t skip = NLMSG_HDRLEN + sizeof(*e), len = hdr->nlmsg_len;
	struct nlattr *attr;

	if (!(hdr->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(hdr->nlmsg_flags & NLM_F_CAPPED))
		skip += NLMSG_ALIGN(e->msg.nlmsg_len) - NLMSG_HDRLEN;
	if (skip >= len)
		return;
	attr = nla_find((const struct nlattr *)(start + skip), (int)(len - skip),
			NLMSGERR_ATTR_MSG);
	if (attr)
		nla_strlcpy(ex->extack, attr, ex->extack_size);
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *e, void *data)
{
	struct exchange *ex = data;

	(void)from;
	if (!ex->rc)
		ex->rc = e->error < 0 ? e->error : -EPROTO;
	parse_extack(ex, e);
	ex->done = true;
	return NL_STOP;
}

static int on_ack(struct nl_msg *msg, void *data)
{
	struct exchange *ex = data;

	(void)msg;
	ex->done = true;
	return NL_STOP;
}

/* The error of an aborted dump is in NLMSG_DONE, which libnl does not read. */
static int on_dump_end(struct nl_msg *msg, void *data)
{
	struct exchange *ex = data;
	const struct nlmsghdr *hdr = nlmsg_hdr(msg);
	int rc = 0;

	if (nlmsg_datalen(hdr) >= (int)sizeof(rc))
		memcpy(&rc, nlmsg_data(hdr), sizeof(rc));
	if (rc < 0 && !ex->rc)
		ex->rc = rc;
	ex->done = true;
	return NL_STOP;
}

/* After an error of the sink the rest of the answer is read and dropped. */
static int on_message(struct nl_msg *msg, void *data)
{
	struct exchange *ex = data;

	if (ex->sink && ex->rc == 0)
		ex->rc = ex->sink->each(nlmsg_hdr(msg), ex->sink->data);
	if (ex->most == 0 || --ex->most > 0)
		return NL_OK;
	ex->done = true;
	return NL_STOP;
}

static void cleanup_cb(struct nl_cb **cb)
{
	nl_cb_put(*cb);
}

static struct nl_cb *exchange_handlers(struct exchange *ex)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);

	if (!cb)
		vnm_oom();
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_message, ex);
	nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_dump_end, ex);
	nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_ack, ex);
	nl_cb_err(cb, NL_CB_CUSTOM, on_error, ex);
	return cb;
}

/* Each transmission is a request of its own, with a new sequence number and port. */
static int send_request(struct nl_sock *nl, struct nl_msg *msg)
{
	int r;

	nlmsg_hdr(msg)->nlmsg_seq = NL_AUTO_SEQ;
	nlmsg_hdr(msg)->nlmsg_pid = NL_AUTO_PID;
	nl_complete_msg(nl, msg);
	do
		r = nl_send(nl, msg);
	while (r == -NLE_INTR);
	return r < 0 ? nl_to_errno(r) : 0;
}

/* @most: objects that are wanted; 0: all. Return: 0 or -errno; -EAGAIN when the kernel marked the dump as interrupted. */
static int exchange(struct vnm_sys *sys, struct vnm_nl_req *req, const struct vnm_nl_sink *sink,
		    size_t most)
{
	struct exchange ex = { .sink = sink,
			       .extack = req->extack,
			       .extack_size = sizeof(req->extack),
			       .most = most };
	struct nl_cb *cb __attribute__((cleanup(cleanup_cb))) = exchange_handlers(&ex);
	bool torn = false;
	int r;

	req->extack[0] = '\0';
	r = vnm_nl_open(sys);
	if (r == 0)
		r = send_request(sys->nl, req->msg);
	while (r == 0 && !ex.done) {
		int got = nl_recvmsgs(sys->nl, cb);

		torn = got == -NLE_DUMP_INTR;
		if (got < 0 && !ex.done)
			r = nl_to_errno(got);
	}
	if (r < 0) {
		vnm_nl_close(sys);
		return r;
	}
	if (ex.rc < 0)
		return ex.rc;
	return torn ? -EAGAIN : 0;
}

/**
 * vnm_nl_do() - make one change, or get one object
 * @sys:  the handles
 * @req:  the request; may be sent again
 * @sink: gets the answer; NULL when none is expected
 *
 * Return: 0, or the kernel's -errno, with its message in @req->extack.
 */
int vnm_nl_do(struct vnm_sys *sys, struct vnm_nl_req *req, const struct vnm_nl_sink *sink)
{
	nlmsg_hdr(req->msg)->nlmsg_flags |= NLM_F_ACK;
	return exchange(sys, req, sink, 0);
}

/**
 * vnm_nl_dump() - get all objects of a kind
 * @sys:  the handles
 * @req:  the request; the flags of a dump are added
 * @sink: gets the objects, one by one
 *
 * A dump is not a snapshot: when something changes between two of its parts the kernel marks it as
 * interrupted, and it is repeated.
 *
 * Return: 0 or -errno; -EAGAIN when every attempt was interrupted.
 */
int vnm_nl_dump(struct vnm_sys *sys, struct vnm_nl_req *req, const struct vnm_nl_sink *sink)
{
	int r = -EAGAIN;

	nlmsg_hdr(req->msg)->nlmsg_flags |= NLM_F_DUMP;
	for (int i = 0; i < DUMP_TRIES && r == -EAGAIN; i++) {
		if (i > 0 && sink->again)
			sink->again(sink->data);
		r = exchange(sys, req, sink, 0);
	}
	return r;
}

/**
 * vnm_nl_head() - get the first objects of a dump
 * @sys:  handles for this request only: the socket, with the rest of the answer, is closed
 * @req:  the request; the flags of a dump are added
 * @most: how many, at least one
 * @sink: gets the objects, one by one
 *
 * Return: 0 or -errno.
 */
int vnm_nl_head(struct vnm_sys *sys, struct vnm_nl_req *req, size_t most,
		const struct vnm_nl_sink *sink)
{
	int r;

	nlmsg_hdr(req->msg)->nlmsg_flags |= NLM_F_DUMP;
	r = exchange(sys, req, sink, most);
	vnm_nl_close(sys);
	return r;
}

static enum vnm_err error_kind(int rc)
{
	switch (-rc) {
	case EPERM:
	case EACCES: return VNM_ERR_PERMISSION;
	case ENODEV: return VNM_ERR_NO_DEVICE;
	case EOPNOTSUPP:
	case EAFNOSUPPORT: return VNM_ERR_UNSUPPORTED;
	default: return VNM_ERR_SYSTEM;
	}
}

/* "; the kernel has no 'veth' devices, load it: modprobe veth", when the kernel lacks the requested kind. */
static void add_remedy(const struct vnm_nl_req *req, int rc, struct vnm_buf *out)
{
	struct nlattr *tb[IFLA_MAX + 1], *info[IFLA_INFO_MAX + 1];
	struct nlmsghdr *hdr = req && req->msg ? nlmsg_hdr(req->msg) : NULL;

	if (rc != -EOPNOTSUPP || !hdr || hdr->nlmsg_type != RTM_NEWLINK ||
	    nlmsg_parse(hdr, sizeof(struct ifinfomsg), tb, IFLA_MAX, NULL) < 0 ||
	    !tb[IFLA_LINKINFO] ||
	    nla_parse_nested(info, IFLA_INFO_MAX, tb[IFLA_LINKINFO], NULL) < 0 ||
	    !info[IFLA_INFO_KIND])
		return;
	vnm_buf_printf(out, "; the kernel has no devices of the kind '%s': ",
		       nla_get_string(info[IFLA_INFO_KIND]));
	vnm_kmod_remedy(nla_get_string(info[IFLA_INFO_KIND]), out);
}

/**
 * vnm_nl_fail() - turn a failed request into an error
 * @err: the error
 * @rc:  what the request returned, negative
 * @req: the request, for its extack; NULL, or not begun, when there is none
 * @fmt: what failed, on what ("cannot create bridge 'virbr1'")
 *
 * Return: @rc.
 */
int vnm_nl_fail(struct vnm_error *err, int rc, const struct vnm_nl_req *req, const char *fmt, ...)
{
	vnm_autobuf struct vnm_buf remedy = { 0 };
	bool words = req && req->extack[0];
	char what[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	add_remedy(req, rc, &remedy);
	return vnm_error_set(err, error_kind(rc), -rc, "%s: %s%s%s%s%s%s", what, strerror(-rc),
			     words ? " (" : "", words ? req->extack : "", words ? ")" : "",
			     rc == -EPERM || rc == -EACCES ? "; this needs root (CAP_NET_ADMIN)"
							   : "",
			     vnm_buf_str(&remedy));
}
