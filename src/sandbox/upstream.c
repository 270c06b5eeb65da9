/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * upstream.c - the sandbox's simulated upstream network.
 *
 * It is a second network namespace, called "internet" for ip netns, behind a veth pair:
 *
 *   sandbox: uplink0 203.0.113.2/24     internet: gw0 203.0.113.1/24      lo: 198.51.100.10
 *            2001:db8:113::2/64                   2001:db8:113::1/64          2001:db8:51::10
 *            default via .1                       DNS server                  web server and echo
 *
 * It has no other routes, so it answers only uplink0's own addresses: a guest's packet without NAT gets no reply, as
 * on the Internet. It forwards, so that packets to other destinations are rejected at once (no route) instead of
 * lost. One process holds the namespace and is all servers in it.
 */
#define _GNU_SOURCE 1
#include "sandbox/upstream.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/cover.h"
#include "sandbox/devices.h"
#include "sandbox/upstream_server.h"
#include "sys/process/dnsmasq_explain.h"
#include "util/child.h"
#include "util/dir.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/proc.h"

#define UPLINK "uplink0"
#define GATEWAY "gw0"
#define SELF4 "203.0.113.2"
#define SELF6 "2001:db8:113::2"
#define NETNS "/run/netns/internet" /* where "ip netns" looks */
#define DNS_DIR "/run/internet"
#define DNS_READY_MS 10000

/* The names of the simulated upstream network; all others do not exist in it. */
static const char dns_conf[] =
	"pid-file\n"
	"no-resolv\n"
	"no-hosts\n"
	"bind-interfaces\n"
	"listen-address=" VNM_SANDBOX_GATEWAY4 "," VNM_SANDBOX_GATEWAY6 "\n"
	"host-record=server.internet.test," VNM_SANDBOX_SERVER4 "," VNM_SANDBOX_SERVER6 "\n"
	"address=/example.com/" VNM_SANDBOX_SERVER4 "\n"
	"address=/example.com/" VNM_SANDBOX_SERVER6 "\n"
	"address=/internet.test/" VNM_SANDBOX_SERVER4 "\n"
	"address=/internet.test/" VNM_SANDBOX_SERVER6 "\n"
	"address=/#/\n";

/* What the process of the upstream network reports when it is ready, or why it is not. */
struct upstream_ready {
	int result;
	struct vnm_error err;
	char warning[VNM_ERROR_MAX];
};

/* The process of the upstream network */

static bool single_uid(void)
{
	char value[16];

	return vnm_proc_read("/proc/self/setgroups", value, sizeof(value)) == 0 &&
	       !strcmp(value, "deny");
}

static int write_dns_conf(struct vnm_error *err)
{
	vnm_autoclose int dirfd = vnm_dir_open(DNS_DIR, 0755, err);
	int r;

	if (dirfd < 0)
		return dirfd;
	r = vnm_file_replace(dirfd, "dnsmasq.conf", dns_conf, strlen(dns_conf), 0644, (gid_t)-1,
			     VNM_VOLATILE);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot write '%s/dnsmasq.conf': %s",
				     DNS_DIR, strerror(-r));
	return 0;
}

static int start_dns(struct vnm_error *err)
{
	vnm_autofree char *program = vnm_dnsmasq_find();
	bool stays_root = single_uid();
	const char *const argv[] = {
		program,
		stays_root ? "--no-daemon" : "--keep-in-foreground",
		"--conf-file=" DNS_DIR "/dnsmasq.conf",
		NULL,
	};
	vnm_autochild struct vnm_child child = VNM_CHILD_INIT;
	char message[VNM_ERROR_MAX / 2];
	int r;

	if (!program)
		return vnm_error_set(err, VNM_ERR_UNSUPPORTED, ENOENT, "dnsmasq is not installed");
	r = write_dns_conf(err);
	if (r == 0)
		r = vnm_child_fork(argv, &child, err);
	if (r < 0)
		return r;
	r = vnm_child_release(&child);
	if (r == 0)
		r = vnm_child_wait_ready(&child, stays_root ? "started, version" : NULL,
					 DNS_READY_MS, message, sizeof(message));
	return r < 0 ? vnm_error_set(err, VNM_ERR_DNSMASQ, -r, "%s", message) : 0;
}

static int set_addresses(struct vnm_error *err)
{
	static const struct {
		const char *dev, *addr;
	} addrs[] = {
		{ GATEWAY, VNM_SANDBOX_GATEWAY4 "/24" },
		{ GATEWAY, VNM_SANDBOX_GATEWAY6 "/64" },
		{ "lo", VNM_SANDBOX_SERVER4 "/32" },
		{ "lo", VNM_SANDBOX_SERVER6 "/128" },
	};
	vnm_autosys struct vnm_sys sys;
	int r;

	vnm_sys_init(&sys, -1);
	r = vnm_sandbox_link_up(&sys, "lo", err);
	if (r == 0)
		r = vnm_sandbox_link_up(&sys, GATEWAY, err);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(addrs) && r == 0; i++)
		r = vnm_sandbox_add_address(&sys, addrs[i].dev, addrs[i].addr, err);
	return r;
}

/* To answer "no route" instead of dropping packets. Not essential: errors are ignored. */
static void set_forwarding(void)
{
	(void)vnm_proc_write("/proc/sys/net/ipv4/ip_forward", "1");
	(void)vnm_proc_write("/proc/sys/net/ipv6/conf/all/forwarding", "1");
}

static void detach_process(int keep)
{
	int null = open("/dev/null", O_RDWR);

	for (int fd = 0; fd <= 2 && null >= 0; fd++)
		(void)dup2(null, fd);
	(void)dup3(keep, 3, O_CLOEXEC);
	(void)syscall(SYS_close_range, 4, ~0U, 0);
	(void)setsid();
}

static int prepare_upstream(struct vnm_sandbox_sockets *sockets, struct upstream_ready *ready)
{
	struct vnm_error dns = { 0 };
	char byte;
	int r;

	/* The other side creates the veth pair, and sends a byte. */
	if (read(3, &byte, 1) != 1)
		_exit(1);
	set_forwarding();
	r = set_addresses(&ready->err);
	if (r == 0)
		r = vnm_sandbox_listen(sockets, &ready->err);
	if (r == 0 && start_dns(&dns) < 0)
		snprintf(ready->warning, sizeof(ready->warning),
			 "the sandbox's internet has no DNS: %.900s", dns.msg);
	return r;
}

static _Noreturn void upstream_main(int channel)
{
	struct vnm_sandbox_sockets sockets = { 0 };
	struct upstream_ready ready = { 0 };
	char byte = 0;

	detach_process(channel);
	if (unshare(CLONE_NEWNET) < 0 || write(3, &byte, 1) != 1)
		_exit(1);
	ready.result = prepare_upstream(&sockets, &ready);
	if (write(3, &ready, sizeof(ready)) != sizeof(ready) || ready.result < 0)
		_exit(1);
	close(3);
	vnm_sandbox_serve(&sockets);
}

/* The sandbox's side */

/* As in ip-netns(8): a file on which the namespace is mounted. */
static int name_netns(pid_t pid, struct vnm_error *err)
{
	vnm_autofree char *path = vnm_asprintf("/proc/%d/ns/net", (int)pid);
	vnm_autoclose int fd = open(NETNS, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);

	if (fd < 0 || mount(path, NETNS, NULL, MS_BIND, NULL) < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, errno,
				     "cannot create '%s' for the sandbox: %s", NETNS,
				     strerror(errno));
	return 0;
}

static int upstream_lost(struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_SYSTEM, ECHILD,
			     "cannot create a second network namespace for the sandbox");
}

static int connect_upstream(struct vnm_sys *sys, pid_t pid, int channel,
			    struct vnm_warnings *warnings, struct vnm_error *err)
{
	struct upstream_ready ready = { 0 };
	char byte = 0;
	int r;

	if (read(channel, &byte, 1) != 1)
		return upstream_lost(err);
	r = name_netns(pid, err);
	if (r == 0)
		r = vnm_sandbox_veth(sys, UPLINK, GATEWAY, pid, err);
	if (r < 0)
		return r;
	if (write(channel, &byte, 1) != 1 || read(channel, &ready, sizeof(ready)) != sizeof(ready))
		return upstream_lost(err);
	if (ready.result < 0) {
		*err = ready.err;
		return ready.result;
	}
	if (ready.warning[0])
		vnm_warnings_add(warnings, "%s", ready.warning);
	return 0;
}

static int connect_uplink(struct vnm_sys *sys, struct vnm_error *err)
{
	int r = vnm_sandbox_add_address(sys, UPLINK, SELF4 "/24", err);

	if (r == 0)
		r = vnm_sandbox_add_address(sys, UPLINK, SELF6 "/64", err);
	if (r == 0)
		r = vnm_sandbox_add_default_route(sys, UPLINK, VNM_SANDBOX_GATEWAY4, err);
	if (r == 0)
		r = vnm_sandbox_add_default_route(sys, UPLINK, VNM_SANDBOX_GATEWAY6, err);
	return r < 0 ? r : vnm_sandbox_set_resolver(VNM_SANDBOX_GATEWAY4, err);
}

/**
 * vnm_sandbox_uplink() - create the upstream network, and connect the sandbox to it
 * @warnings: gets failures of optional parts (DNS)
 * @err:      set on failure
 *
 * Its process is a child of the caller, which must be PID 1 of the sandbox, and ends with it.
 *
 * Return: 0 or -errno.
 */
int vnm_sandbox_uplink(struct vnm_warnings *warnings, struct vnm_error *err)
{
	vnm_autosys struct vnm_sys sys;
	vnm_autoclose int channel = -1;
	int ends[2], r;
	pid_t pid;

	vnm_sys_init(&sys, -1);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, errno, "cannot create a socket: %s",
				     strerror(errno));
	pid = fork();
	if (pid == 0)
		upstream_main(ends[1]);
	channel = ends[0];
	close(ends[1]);
	if (pid < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, errno, "cannot start a process: %s",
				     strerror(errno));
	r = connect_upstream(&sys, pid, channel, warnings, err);
	return r < 0 ? r : connect_uplink(&sys, err);
}
