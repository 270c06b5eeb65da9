/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dhcp.c - a DHCP client in a guest's network namespace: busybox udhcpc, or ISC dhclient.
 *
 * Theory of operation. The client stays in the foreground, so that the process we fork is the one that renews the
 * lease; like dnsmasq's, its pidfile record is on disk before it executes anything. It passes the server's answers to its
 * script, which is this program again (dhcp_event.c): the system's own scripts do not run, so the host's resolv.conf is
 * not touched. The start is complete when the script has set the address, the routes and the name servers.
 */
#include "sys/process/dhcp.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/host/resolv.h"
#include "sys/link/address.h"
#include "sys/link/address_list.h"
#include "sys/process/cgroup.h"
#include "sys/process/dhcp_command.h"
#include "sys/process/dhcp_set.h"
#include "sys/link/link.h"
#include "sys/link/link_set.h"
#include "sys/netlink/netns_enter.h"
#include "sys/progress.h"
#include "util/child.h"
#include "util/file.h"
#include "util/inotify.h"
#include "util/mem.h"
#include "util/poll.h"
#include "util/proc.h"
#include "util/proc_record.h"

#define ANSWER_MS 10000
#define SERVED_MS 30000
#define TERM_MS 3000
#define KILL_MS 5000
#define LOOK_MS 20

/**
 * vnm_dhcp_address() - the IPv4 address of a device in a namespace
 * @sys: the handles here
 * @ns:  where
 * @dev: the device
 * @ret: the address
 *
 * Return: 0; -EADDRNOTAVAIL: it has none; -errno.
 */
int vnm_dhcp_address(struct vnm_sys *sys, const struct vnm_op_netns *ns, const char *dev,
		     struct vnm_prefix *ret)
{
	struct vnm_facts facts __attribute__((cleanup(vnm_facts_clear))) = { 0 };
	struct vnm_error ignored = { 0 };
	struct vnm_sys *there;
	struct vnm_link link;
	int r = vnm_sys_enter(sys, ns, &there);

	if (r == 0)
		r = vnm_link_read(there, dev, &link);
	if (r == 0)
		r = vnm_observe_addresses(there, &facts, &ignored);
	for (size_t i = 0; r == 0 && i < facts.n_addresses; i++)
		if (facts.addresses[i].ifindex == link.fact.index &&
		    facts.addresses[i].prefix.addr.family == AF_INET) {
			*ret = facts.addresses[i].prefix;
			return 0;
		}
	return r < 0 ? r : -EADDRNOTAVAIL;
}

/**
 * vnm_dhcp_drop() - remove a device's IPv4 addresses
 * @sys:  the handles where it is
 * @dev:  the device
 * @keep: except this one; NULL: all
 * @err:  the error
 *
 * Return: 0, also when there is no such device; -errno.
 */
int vnm_dhcp_drop(struct vnm_sys *sys, const char *dev, const struct vnm_addr *keep,
		  struct vnm_error *err)
{
	struct vnm_facts facts __attribute__((cleanup(vnm_facts_clear))) = { 0 };
	struct vnm_op op = { .type = VNM_OP_ADDRESS };
	struct vnm_link link;
	int r = vnm_link_read(sys, dev, &link);

	if (r < 0)
		return r == -ENODEV ? 0 : r;
	r = vnm_observe_addresses(sys, &facts, err);
	op.address.dev = (char *)dev;
	for (size_t i = 0; r == 0 && i < facts.n_addresses; i++) {
		const struct vnm_prefix *prefix = &facts.addresses[i].prefix;

		if (facts.addresses[i].ifindex != link.fact.index ||
		    prefix->addr.family != AF_INET ||
		    (keep && vnm_addr_equal(keep, &prefix->addr)))
			continue;
		op.address.addr = *prefix;
		r = vnm_impl_address.revert(sys, &op, err);
	}
	return r;
}

/* ---- the process ---- */

/* Return: a pidfd; -ESRCH: it does not run. */
static int find_process(const struct vnm_op_dhcp *op)
{
	vnm_autofree char *record = vnm_dhcp_file(op, "dhcp"), *needle = vnm_dhcp_pid_file(op);
	vnm_autoclose int dir = vnm_dhcp_open_dir(op);
	struct vnm_proc_id id = { 0 };
	int r = dir < 0 ? dir : vnm_proc_record_read(dir, record, &id);

	if (r < 0)
		return r == -ENOENT ? -ESRCH : r;
	return vnm_proc_open(&id, needle);
}

/* @signal: SIGTERM: it releases its lease; SIGKILL: the server keeps it for who asks next with the same identity. */
static int end_process(const struct vnm_op_dhcp *op, int signal, struct vnm_error *err)
{
	vnm_autoclose int pidfd = find_process(op);
	int r;

	if (pidfd == -ESRCH)
		return 0;
	r = pidfd < 0 ? pidfd : vnm_proc_signal(pidfd, signal);
	if (r == 0)
		r = vnm_proc_wait_or_kill(pidfd, TERM_MS, KILL_MS);
	return r == 0 || r == -ESRCH ? 0 : vnm_error_set(err, VNM_ERR_SYSTEM, -r,
							 "cannot end the DHCP client of '%s': %s",
							 op->name, strerror(-r));
}

static void drop_files(const struct vnm_op_dhcp *op)
{
	static const char *const ends[] = { "pid", "lease", "lease~", "conf", "set", "dhcp" };
	vnm_autoclose int dir = vnm_dhcp_open_dir(op);

	for (size_t i = 0; dir >= 0 && i < VNM_ARRAY_SIZE(ends); i++) {
		vnm_autofree char *name = vnm_dhcp_file(op, ends[i]);

		(void)vnm_file_unlink(dir, name, VNM_VOLATILE);
	}
}

static int dhcp_prepare(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	(void)sys;
	if (access(op->dhcp.program, X_OK) < 0)
		return vnm_error_set(err, VNM_ERR_UNSUPPORTED, errno, "cannot run '%s': %s",
				     op->dhcp.program, strerror(errno));
	if (op->dhcp.resolv && vnm_resolv_foreign(op->dhcp.resolv))
		return vnm_error_set(err, VNM_ERR_FOREIGN, EEXIST,
				     "'%s' already exists, and was not written by vnetmgr; "
				     "without it, one is: rm %s",
				     op->dhcp.resolv, op->dhcp.resolv);
	return 0;
}

/* ---- start ---- */

struct start {
	struct vnm_child_setup setup;
	struct vnm_child child;
	struct vnm_error *err;
};

/* Run in the namespace: the child and its sockets stay in it. */
static int start_there(void *data)
{
	struct start *start = data;

	return vnm_child_fork_as(&start->setup, &start->child, start->err);
}

static void watch_dir(struct vnm_inotify *changes, int dir)
{
	if (vnm_inotify_open(changes) == 0 && vnm_inotify_add(changes, dir, IN_MOVED_TO) < 0)
		vnm_inotify_close(changes);
}

static void read_changes(struct vnm_inotify *changes)
{
	const struct inotify_event *event;

	while (changes->fd >= 0 && vnm_inotify_next(changes, &event) > 0)
		;
}

/*
 * The network's own dnsmasq runs, but asks for 3 to 4 seconds whether an address that it has not given out lately is in use, of six guests
 * in half a minute, one after another.
 */
static int answer_ms(const struct vnm_op_dhcp *op)
{
	return op->served ? SERVED_MS : ANSWER_MS;
}

/*
 * The script writes down what it has set when all of that is done: an address alone is no lease, its routes follow. Without inotify (each
 * dnsmasq takes an instance of root's) the file is looked for.
 */
static int wait_for_lease(struct vnm_sys *sys, const struct vnm_op_dhcp *op, int dir,
			  const struct vnm_child *child)
{
	struct vnm_inotify changes __attribute__((cleanup(vnm_inotify_close))) = { .fd = -1 };
	vnm_autofree char *set = vnm_dhcp_file(op, "set");
	int64_t deadline = vnm_now_ms() + answer_ms(op);
	struct vnm_prefix address;
	struct stat st;

	watch_dir(&changes, dir);
	while (vnm_stat_at(dir, set, &st) < 0) {
		struct pollfd fds[] = { { .fd = changes.fd, .events = POLLIN },
					{ .fd = child->pidfd, .events = POLLIN } };
		int64_t now = vnm_now_ms();
		bool look = changes.fd < 0 && now + LOOK_MS < deadline;
		int r = vnm_poll_until(fds, VNM_ARRAY_SIZE(fds), look ? now + LOOK_MS : deadline);

		if (r < 0)
			return r;
		if (fds[1].revents)
			return -ECHILD;
		if (r == 0 && !look)
			break;
		read_changes(&changes);
	}
	/* A script that cannot write has set the address all the same. */
	return vnm_dhcp_address(sys, &op->ns, op->dev, &address);
}

static int run_client(struct vnm_sys *sys, const struct vnm_op_dhcp *op, struct start *start,
		      struct vnm_error *err)
{
	vnm_autofree char *record = vnm_dhcp_file(op, "dhcp");
	vnm_autoclose int dir = vnm_dhcp_open_dir(op);
	int r = dir < 0 ? dir : vnm_proc_record_write(dir, record, &start->child.id);

	vnm_cgroup_leave_session(start->child.id.pid);
	if (r == 0)
		r = vnm_child_release(&start->child);
	vnm_sys_progress(sys, true, "'%s' waits for a DHCP server, for %d seconds at most", op->dev,
			 answer_ms(op) / 1000);
	if (r == 0)
		r = wait_for_lease(sys, op, dir, &start->child);
	if (r == -EADDRNOTAVAIL)
		return vnm_error_set(
			err, VNM_ERR_STATE, ETIMEDOUT,
			"no DHCP server has answered '%s' in '%s' for %d seconds; without "
			"one, give the guest an address: --ip ADDRESS/PREFIX",
			op->dev, op->ns.path, answer_ms(op) / 1000);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "the DHCP client '%s' failed: %s",
				     op->program, r == -ECHILD ? "it has ended" : strerror(-r));
	return 0;
}

/* Of the device's other end; a device on top of the host's is limited by the kernel itself. */
static uint32_t mtu_of_end(struct vnm_sys *sys, const struct vnm_op_dhcp *op)
{
	struct vnm_link end;

	return vnm_link_read(sys, op->name, &end) == 0 && !strcmp(end.fact.kind, "veth")
		       ? end.fact.mtu
		       : ETH_MAX_MTU;
}

/* The server may have set a smaller one. */
static int restore_mtu(struct vnm_sys *sys, const struct vnm_op_dhcp *op, struct vnm_error *err)
{
	uint32_t mtu = mtu_of_end(sys, op);
	struct vnm_sys *there;
	struct vnm_link link;

	if (mtu == ETH_MAX_MTU || vnm_sys_enter(sys, &op->ns, &there) < 0 ||
	    vnm_link_read(there, op->dev, &link) < 0 || link.fact.mtu >= mtu)
		return 0;
	return vnm_link_set_mtu(there, &link, mtu, err);
}

static int end_client(struct vnm_sys *sys, const struct vnm_op_dhcp *want, int signal,
		      struct vnm_error *err)
{
	struct vnm_sys *there;
	int r = end_process(want, signal, err);

	if (r < 0)
		return r;
	if (vnm_sys_enter(sys, &want->ns, &there) == 0)
		r = vnm_dhcp_drop(there, want->dev, NULL, err);
	if (r == 0)
		r = restore_mtu(sys, want, err);
	if (want->resolv)
		vnm_resolv_take(want->resolv, want->name);
	drop_files(want);
	return r;
}

static int dhcp_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	return end_client(sys, &op->dhcp, SIGTERM, err);
}

/* A running client does not notice that its address was removed: it is restarted. Ports may lead to the address that it has. */
static int dhcp_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	struct vnm_dhcp_command command
		__attribute__((cleanup(vnm_dhcp_command_clear))) = { .n = 0 };
	struct start start = { .child = VNM_CHILD_INIT, .err = err };
	struct vnm_error ignored = { 0 };
	int r = end_client(sys, &op->dhcp, SIGKILL, err);

	if (r < 0)
		return r;
	r = vnm_dhcp_command_make(&op->dhcp, mtu_of_end(sys, &op->dhcp), &command);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot prepare the DHCP client: %s",
				     strerror(-r));
	start.setup = (struct vnm_child_setup){
		.argv = command.argv, .env = command.env, .in_fd = -1, .mute = true
	};
	r = vnm_netns_run(&op->dhcp.ns, start_there, &start);
	if (r == -ENOENT)
		r = vnm_netns_fail(&op->dhcp.ns, r, err);
	if (r == 0)
		r = run_client(sys, &op->dhcp, &start, err);
	if (r < 0)
		(void)dhcp_revert(sys, op, &ignored);
	vnm_child_clear(&start.child);
	return r;
}

static int dhcp_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
		      struct vnm_error *err)
{
	vnm_autoclose int pidfd = find_process(&op->dhcp);
	struct vnm_prefix address;
	int r = pidfd < 0 ? pidfd : vnm_dhcp_address(sys, &op->dhcp.ns, op->dhcp.dev, &address);

	if (r < 0 && r != -ESRCH && r != -EADDRNOTAVAIL && r != -ENODEV && r != -ENOENT)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot inspect the DHCP client of '%s': %s", op->dhcp.name,
				     strerror(-r));
	*ret = vnm_dhcp_set_foreign(sys, &op->dhcp) || r < 0 || !vnm_dhcp_set_holds(sys, &op->dhcp)
		       ? VNM_ABSENT
		       : VNM_PRESENT;
	return 0;
}

const struct vnm_op_impl vnm_impl_dhcp = {
	.prepare = dhcp_prepare,
	.apply = dhcp_apply,
	.check = dhcp_check,
	.revert = dhcp_revert,
};
