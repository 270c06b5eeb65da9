/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace.c - send one packet as a guest or the outside would, and follow it through the packet filters.
 *
 * Theory of operation. One netlink socket owns the tables that follow and catch the packet (trace_table.c), is a member of the group
 * that nf_tables reports to, and is bound to group 0 of nfnetlink_log, which the legacy tables report to. So all reports
 * are in one queue, in the order of what has happened. Rules that are changed meanwhile would make the answer wrong: then
 * it is repeated once.
 */
#include "sys/trace/trace.h"

#include <errno.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_log.h>

#include "sys/firewall/fw_table_impl.h"
#include "sys/firewall/nft_chains.h"
#include "sys/firewall/nft_read.h"
#include "sys/firewall/nft_write.h"
#include "sys/trace/trace_backlog.h"
#include "sys/trace/trace_event.h"
#include "sys/trace/trace_record.h"
#include "sys/trace/trace_rules.h"
#include "sys/trace/trace_send.h"
#include "sys/trace/trace_table.h"
#include "util/mem.h"
#include "util/patience.h"
#include "util/proc.h"

#define QUEUE_SIZE (1 << 20)
#define COPY_RANGE 128
#define QUIET_MS 100 /* without a report after the last one: it has ended */
#define ALL_MS 10000 /* on a host that never has a moment without a packet */
#define READ_SIZE 65536
#define TRIES 2
#ifndef SOL_NETLINK
#define SOL_NETLINK 270
#endif

static void free_socket(struct nl_sock **sock)
{
	nl_socket_free(*sock);
}

static void put_log_config(struct vnm_nl_req *req)
{
	struct nfulnl_msg_config_cmd cmd = { .command = NFULNL_CFG_CMD_BIND };
	struct nfulnl_msg_config_mode mode = { .copy_range = htonl(COPY_RANGE),
					       .copy_mode = NFULNL_COPY_PACKET };

	vnm_nft_begin(req, AF_UNSPEC, NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_CONFIG, 0);
	vnm_nl_put(req, NFULA_CFG_CMD, &cmd, sizeof(cmd));
	vnm_nl_put(req, NFULA_CFG_MODE, &mode, sizeof(mode));
	vnm_nft_put_number(req, NFULA_CFG_QTHRESH, 1); /* each is sent at once */
}

/* Is there a legacy table that could report anything? */
static bool has_legacy(struct vnm_sys *sys, int family)
{
	for (int table = 0; table < VNM_FW_TABLE_COUNT; table++)
		if (vnm_fw_tables_legacy.exists(sys, family, (enum vnm_fw_table)table))
			return true;
	return false;
}

/* Return: 0; -EPERM: another program is bound to the group; -errno. */
static int listen_legacy(struct vnm_sys *sys, struct nl_sock **sock, int family)
{
	vnm_autobatch struct vnm_nl_batch batch = { 0 };
	vnm_autonl struct vnm_nl_req bind = { 0 };
	int r;

	if (!has_legacy(sys, family))
		return 0;
	put_log_config(&bind);
	vnm_nl_batch_add(&batch, &bind, 0);
	r = vnm_nft_run(sock, &batch);
	return r < 0 ? r : vnm_trace_record_log(family);
}

static int listen_nft(struct nl_sock *sock)
{
	int fd = nl_socket_get_fd(sock), group = NFNLGRP_NFTRACE, size = QUEUE_SIZE;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	return setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) < 0
		       ? -errno
		       : 0;
}

/* Return: whether the packet was caught at its end. */
static bool is_caught(const struct vnm_trace_reader *reader)
{
	struct vnm_trail_end end;

	vnm_trail_judge(&reader->trail, &end);
	return end.reached;
}

/* Return: 0 or -errno. */
static int read_some(struct vnm_trace_reader *reader, int fd)
{
	_Alignas(NLMSG_ALIGNTO) char buf[READ_SIZE];
	ssize_t n = recv(fd, buf, sizeof(buf), MSG_DONTWAIT);
	int left = (int)n;

	if (n < 0 && errno == ENOBUFS)
		reader->trail.lost = true;
	else if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	for (struct nlmsghdr *head = (void *)buf; n > 0 && nlmsg_ok(head, left);
	     head = nlmsg_next(head, &left))
		vnm_trace_event_read(reader, head);
	return 0;
}

/* Until it was caught, or nothing more comes: what has arrived is on its way, and the last report is old. */
static int read_all(struct vnm_trace_reader *reader, int fd, struct vnm_error *err)
{
	const int64_t deadline = vnm_now_ms() + vnm_patience_ms(ALL_MS);
	struct pollfd news = { fd, POLLIN, 0 };
	int r = 0;

	while (r == 0 && !is_caught(reader)) {
		const bool drained = vnm_trace_backlog_empty() || vnm_now_ms() > deadline;

		r = vnm_poll_until(&news, 1, vnm_now_ms() + vnm_patience_ms(QUIET_MS));
		if (r == 0 && drained)
			break;
		if (r > 0)
			r = read_some(reader, fd);
	}
	return r < 0 ? vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot read the reports: %s",
				     strerror(-r))
		     : 0;
}

/* Is it the kernel that cannot, or may not be asked? */
static enum vnm_err code_of(int r)
{
	if (r == -EPERM)
		return VNM_ERR_PERMISSION;
	return r == -EOPNOTSUPP || r == -EPROTONOSUPPORT || r == -ENOENT ? VNM_ERR_UNSUPPORTED
									 : VNM_ERR_SYSTEM;
}

static int prepare(struct vnm_sys *sys, const struct vnm_trace_job *job, struct nl_sock **sock,
		   struct vnm_trail *trail, struct vnm_error *err)
{
	int r = vnm_trace_table_add(sock, &job->packet, job->port);

	if (r < 0)
		return vnm_error_set(err, code_of(r), -r,
				     "cannot follow a packet: nf_tables: %s; the kernel needs "
				     "CONFIG_NF_TABLES and CONFIG_NF_TABLES_INET (modprobe "
				     "nf_tables)",
				     strerror(-r));
	r = listen_legacy(sys, sock, job->packet.src.family);
	trail->partial = r < 0;
	/* Without its socket the tables are gone. */
	r = *sock ? listen_nft(*sock) : r;
	return r < 0 ? vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot follow a packet: nf_tables' reports: %s", strerror(-r))
		     : 0;
}

/* @ret_same: no rule of nf_tables was changed meanwhile. */
static int follow(struct vnm_sys *sys, const struct vnm_trace_job *job,
		  struct vnm_trace_reader *reader, bool *ret_same, struct vnm_error *err)
{
	struct nl_sock *sock __attribute__((cleanup(free_socket))) = NULL;
	uint32_t before = 0, after = 0;
	struct vnm_nft_chain *chains;
	int r = vnm_trace_record_begin(sys, err);

	vnm_nft_free(sys->nft);
	sys->nft = NULL;
	(void)vnm_nft_chains(sys, &chains);
	if (r == 0)
		r = prepare(sys, job, &sock, &reader->trail, err);
	(void)vnm_nft_generation(sys, &before);
	if (r == 0)
		r = vnm_trace_send(sys, job, err);
	if (r == 0)
		r = read_all(reader, nl_socket_get_fd(sock), err);
	if (r == 0)
		vnm_trace_rules(sys, &reader->trail);
	(void)vnm_nft_generation(sys, &after);
	*ret_same = before == after;
	return r;
}

static int follow_once(struct vnm_sys *sys, const struct vnm_trace_job *job, struct vnm_trail *ret,
		       bool *ret_same, struct vnm_error *err)
{
	struct vnm_trace_reader reader = { .sys = sys, .packet = &job->packet };
	struct vnm_error ignored = { 0 };
	int r = follow(sys, job, &reader, ret_same, err);

	/* The socket is closed by now, and its tables are gone. */
	(void)vnm_trace_recover(sys, &ignored);
	free(reader.ids);
	*ret = reader.trail;
	return r;
}

/**
 * vnm_trace() - send one packet, and follow it
 * @sys: the handles; under the lock
 * @job: the packet
 * @ret: its trail, with the texts of rules; free with vnm_trail_clear(), in any case
 * @err: set on failure
 *
 * The packet is caught before it is received or sent, and leaves no connection behind. What could not be restored is left to
 * vnm_trace_recover(), which the caller is to call once more.
 *
 * Return: 0 or -errno; -ENOBUFS: the port's other end is not open.
 */
int vnm_trace(struct vnm_sys *sys, const struct vnm_trace_job *job, struct vnm_trail *ret,
	      struct vnm_error *err)
{
	bool same = false;
	int r = 0;

	*ret = (struct vnm_trail){ 0 };
	for (int i = 0; r == 0 && !same && i < TRIES; i++) {
		vnm_trail_clear(ret);
		r = follow_once(sys, job, ret, &same, err);
	}
	return r;
}
