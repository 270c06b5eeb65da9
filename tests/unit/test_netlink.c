/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rare answers of the kernel, from a kernel of our own: a thread at the other end of a netlink
 * socket (NETLINK_USERSOCK carries messages between programs), which answers as the real one does
 * once in a blue moon.
 */
#include "netns.h"
#include "sys/handles.h"
#include "sys/link/link.h"
#include "sys/link/link_kind.h"

#include <linux/netlink.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <pthread.h>
#include <sys/socket.h>

#include "util/mem.h"

const char vnm_suite[] = "sys/netlink";

const char *vnm_test_cannot_run(void)
{
	return netns_enter();
}

/* How the made-up kernel answers. */
struct manner {
	int torn; /* so many dumps are interrupted before one is not */
	int done_rc; /* what the end of a dump says: 0 or -errno */
	bool wrong_seq; /* answers something that was not asked */
	int objects; /* how many objects a dump has */
	int error; /* not a dump: the error of the answer, 0 to acknowledge */
	const char *words; /* ... in words */
};

/* The made-up kernel: a socket, and the thread that answers @requests requests and ends. */
struct kernel {
	struct manner manner;
	int fd, requests, asked;
	uint32_t port;
	pthread_t thread;
};

static size_t put(char *buf, size_t at, uint16_t type, uint16_t flags, uint32_t seq, uint32_t port,
		  const void *data, size_t len)
{
	struct nlmsghdr hdr = {
		.nlmsg_len = (uint32_t)(NLMSG_HDRLEN + len),
		.nlmsg_type = type,
		.nlmsg_flags = flags,
		.nlmsg_seq = seq,
		.nlmsg_pid = port,
	};

	memcpy(buf + at, &hdr, sizeof(hdr));
	memcpy(buf + at + NLMSG_HDRLEN, data, len);
	return at + NLMSG_ALIGN(hdr.nlmsg_len);
}

static size_t answer_dump(struct kernel *k, const struct nlmsghdr *req, uint32_t seq, char *buf)
{
	uint16_t flags = NLM_F_MULTI;
	struct ifinfomsg head = { 0 };
	size_t at = 0;

	if (k->asked <= k->manner.torn)
		flags |= NLM_F_DUMP_INTR;
	for (int i = 0; i < k->manner.objects; i++) {
		head.ifi_index = i + 1;
		at = put(buf, at, RTM_NEWLINK, flags, seq, req->nlmsg_pid, &head, sizeof(head));
	}
	return put(buf, at, NLMSG_DONE, flags, seq, req->nlmsg_pid, &k->manner.done_rc,
		   sizeof(int));
}

static size_t answer_change(struct kernel *k, const struct nlmsghdr *req, uint32_t seq, char *buf)
{
	struct {
		struct nlmsgerr e;
		struct nlattr attr;
		char words[64];
	} body = { .e = { .error = k->manner.error, .msg = *req } };
	size_t len = sizeof(body.e);
	uint16_t flags = NLM_F_CAPPED;

	if (k->manner.words) {
		flags |= NLM_F_ACK_TLVS;
		body.attr.nla_type = NLMSGERR_ATTR_MSG;
		body.attr.nla_len = (uint16_t)(sizeof(body.attr) + strlen(k->manner.words) + 1);
		memcpy(body.words, k->manner.words, strlen(k->manner.words) + 1);
		len += NLMSG_ALIGN(body.attr.nla_len);
	}
	return put(buf, 0, NLMSG_ERROR, flags, seq, req->nlmsg_pid, &body, len);
}

static void *kernel_run(void *data)
{
	char in[4096] __attribute__((aligned(8))), out[8192] __attribute__((aligned(8)));
	const struct nlmsghdr *req = (const struct nlmsghdr *)in;
	struct kernel *k = data;

	while (k->asked < k->requests && recv(k->fd, in, sizeof(in), 0) >= (ssize_t)sizeof(*req)) {
		struct sockaddr_nl to = { .nl_family = AF_NETLINK, .nl_pid = req->nlmsg_pid };
		uint32_t seq = req->nlmsg_seq + (k->manner.wrong_seq ? 1000 : 0);
		size_t len;

		k->asked++;
		len = (req->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP
			      ? answer_dump(k, req, seq, out)
			      : answer_change(k, req, seq, out);
		if (sendto(k->fd, out, len, 0, (struct sockaddr *)&to, sizeof(to)) < 0)
			break;
	}
	return NULL;
}

static void kernel_begin(struct kernel *k, struct vnm_sys *sys, int requests, struct manner manner)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };
	socklen_t len = sizeof(addr);

	*k = (struct kernel){ .manner = manner, .requests = requests };
	k->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_USERSOCK);
	CU_ASSERT_FATAL(k->fd >= 0);
	VNM_ASSERT_INT_EQ_FATAL(bind(k->fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	VNM_ASSERT_INT_EQ_FATAL(getsockname(k->fd, (struct sockaddr *)&addr, &len), 0);
	VNM_ASSERT_INT_EQ_FATAL(pthread_create(&k->thread, NULL, kernel_run, k), 0);

	vnm_sys_init(sys, -1);
	sys->nl = nl_socket_alloc();
	CU_ASSERT_PTR_NOT_NULL_FATAL(sys->nl);
	VNM_ASSERT_INT_EQ_FATAL(nl_connect(sys->nl, NETLINK_USERSOCK), 0);
	nl_socket_set_peer_port(sys->nl, addr.nl_pid);
}

static void kernel_end(struct kernel *k, struct vnm_sys *sys)
{
	VNM_ASSERT_INT_EQ(pthread_join(k->thread, NULL), 0);
	VNM_ASSERT_INT_EQ(k->asked, k->requests);
	close(k->fd);
	vnm_sys_clear(sys);
}

/* Counts objects; the @fail_at'th is more than it can take. */
struct counter {
	int n, again, fail_at;
};

static int count(const struct nlmsghdr *hdr, void *data)
{
	struct counter *c = data;

	VNM_ASSERT_INT_EQ(hdr->nlmsg_type, RTM_NEWLINK);
	c->n++;
	return c->n == c->fail_at ? -E2BIG : 0;
}

static void forget(void *data)
{
	struct counter *c = data;

	c->n = 0;
	c->again++;
}

static int dump(struct vnm_sys *sys, struct counter *c)
{
	struct ifinfomsg head = { 0 };
	vnm_autonl struct vnm_nl_req req = { 0 };

	vnm_nl_begin(&req, RTM_GETLINK, 0, &head, sizeof(head));
	return vnm_nl_dump(sys, &req, &(struct vnm_nl_sink){ count, forget, c });
}

static int change(struct vnm_sys *sys, struct vnm_nl_req *req)
{
	struct ifinfomsg head = { 0 };

	vnm_nl_begin(req, RTM_NEWLINK, 0, &head, sizeof(head));
	return vnm_nl_do(sys, req, NULL);
}

static void test_dump_interrupted(void)
{
	for (int torn = 0; torn <= 5; torn++) {
		struct counter c = { 0 };
		struct vnm_sys sys;
		struct kernel k;

		kernel_begin(&k, &sys, torn + 1, (struct manner){ .torn = torn, .objects = 7 });
		VNM_ASSERT_INT_EQ(dump(&sys, &c), 0);
		VNM_ASSERT_INT_EQ(c.n, 7);
		VNM_ASSERT_INT_EQ(c.again, torn);
		kernel_end(&k, &sys);
	}
}

static void test_dump_never_quiet(void)
{
	struct counter c = { 0 };
	struct vnm_sys sys;
	struct kernel k;

	kernel_begin(&k, &sys, 6, (struct manner){ .torn = 1000, .objects = 7 });
	VNM_ASSERT_INT_EQ(dump(&sys, &c), -EAGAIN);
	kernel_end(&k, &sys);
}

static void test_dump_breaks_off(void)
{
	struct counter c = { 0 };
	struct vnm_sys sys;
	struct kernel k;

	kernel_begin(&k, &sys, 1, (struct manner){ .objects = 3, .done_rc = -ENOBUFS });
	VNM_ASSERT_INT_EQ(dump(&sys, &c), -ENOBUFS);
	kernel_end(&k, &sys);
}

/*
 * An error of the reader is the answer, and the rest of the dump does not disturb the next request.
 */
static void test_reader_fails(void)
{
	struct counter c = { .fail_at = 2 };
	struct vnm_sys sys;
	struct kernel k;

	kernel_begin(&k, &sys, 2, (struct manner){ .objects = 7 });
	VNM_ASSERT_INT_EQ(dump(&sys, &c), -E2BIG);
	VNM_ASSERT_INT_EQ(c.n, 2);
	c = (struct counter){ 0 };
	VNM_ASSERT_INT_EQ(dump(&sys, &c), 0);
	VNM_ASSERT_INT_EQ(c.n, 7);
	kernel_end(&k, &sys);
}

static void test_words(void)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct vnm_error err = { 0 };
	struct vnm_sys sys;
	struct kernel k;

	kernel_begin(&k, &sys, 1, (struct manner){ .error = -EINVAL, .words = "the moon is blue" });
	VNM_ASSERT_INT_EQ(change(&sys, &req), -EINVAL);
	VNM_ASSERT_STR_EQ(req.extack, "the moon is blue");
	VNM_ASSERT_INT_EQ(vnm_nl_fail(&err, -EINVAL, &req, "cannot do '%s'", "x"), -EINVAL);
	VNM_ASSERT_STR_EQ(err.msg, "cannot do 'x': Invalid argument (the moon is blue)");
	VNM_ASSERT_INT_EQ(err.sys, EINVAL);
	kernel_end(&k, &sys);
}

static void test_error_without_words(void)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct vnm_error err = { 0 };
	struct vnm_sys sys;
	struct kernel k;

	kernel_begin(&k, &sys, 1, (struct manner){ .error = -EPERM });
	VNM_ASSERT_INT_EQ(change(&sys, &req), -EPERM);
	VNM_ASSERT_STR_EQ(req.extack, "");
	VNM_ASSERT_INT_EQ(vnm_nl_fail(&err, -EPERM, &req, "cannot"), -EPERM);
	VNM_ASSERT_INT_EQ(err.code, VNM_ERR_PERMISSION);
	VNM_ASSERT_STR_EQ(err.msg,
			  "cannot: Operation not permitted; this needs root (CAP_NET_ADMIN)");
	kernel_end(&k, &sys);
}

/* A warning: done, but with a remark. Only refusals are reported. */
static void test_acknowledged(void)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct vnm_sys sys;
	struct kernel k;

	kernel_begin(&k, &sys, 1, (struct manner){ .words = "obsolete" });
	VNM_ASSERT_INT_EQ(change(&sys, &req), 0);
	VNM_ASSERT_STR_EQ(req.extack, "");
	kernel_end(&k, &sys);
}

/*
 * Out of step: the socket is given up, and the next request goes to the real kernel by a new one.
 */
static void test_out_of_step(void)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct vnm_link link;
	struct vnm_sys sys;
	struct kernel k;

	kernel_begin(&k, &sys, 1, (struct manner){ .wrong_seq = true });
	VNM_ASSERT_INT_EQ(change(&sys, &req), -EPROTO);
	CU_ASSERT_PTR_NULL(sys.nl);
	VNM_ASSERT_INT_EQ(vnm_link_read(&sys, "nothere", &link), -ENODEV);
	kernel_end(&k, &sys);
}

/* A socket that broke is replaced: the request fails, the next one works. */
static void test_socket_broken(void)
{
	struct vnm_link link;
	struct vnm_sys sys;

	vnm_sys_init(&sys, -1);
	VNM_ASSERT_INT_EQ(vnm_link_read(&sys, "vnm0", &link), -ENODEV);
	close(nl_socket_get_fd(sys.nl));
	VNM_ASSERT_INT_EQ(vnm_link_read(&sys, "vnm0", &link), -EBADF);
	VNM_ASSERT_INT_EQ(vnm_link_read(&sys, "vnm0", &link), -ENODEV);
	vnm_sys_clear(&sys);
	CU_ASSERT_PTR_NULL(sys.nl);
	vnm_sys_clear(&sys);
}

/* Has the kernel devices of a kind? A question that makes none. */
static void test_kinds(void)
{
	static const char *const kinds[] = { "bridge", "veth", "macvlan" };
	struct vnm_error err = { 0 };
	struct vnm_link link;
	struct vnm_sys sys;

	vnm_sys_init(&sys, -1);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(kinds); i++) {
		VNM_ASSERT_OK(vnm_link_kind_need(&sys, kinds[i], "vnm0", &err), err);
		VNM_ASSERT_INT_EQ(vnm_link_read(&sys, "vnm0", &link), -ENODEV);
	}
	VNM_ASSERT_INT_EQ(vnm_link_kind_need(&sys, "nosuch", "vnm0", &err), -EOPNOTSUPP);
	VNM_ASSERT_INT_EQ(err.code, VNM_ERR_UNSUPPORTED);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "cannot create nosuch 'vnm0'"));
	CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "no devices of the kind 'nosuch'"));
	vnm_sys_clear(&sys);
}

const struct vnm_test vnm_tests[] = {
	{ "dump_interrupted", test_dump_interrupted },
	{ "dump_never_quiet", test_dump_never_quiet },
	{ "dump_breaks_off", test_dump_breaks_off },
	{ "reader_fails", test_reader_fails },
	{ "words", test_words },
	{ "error_without_words", test_error_without_words },
	{ "acknowledged", test_acknowledged },
	{ "out_of_step", test_out_of_step },
	{ "socket_broken", test_socket_broken },
	{ "kinds", test_kinds },
	{ 0 },
};
