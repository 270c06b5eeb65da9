/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sandbox_net.c - the sandbox's loopback device, and its make-believe internet.
 *
 * The internet is a second network namespace, called "internet" for ip netns, behind a veth pair:
 *
 *   sandbox: uplink0 203.0.113.2/24     internet: gw0 203.0.113.1/24      lo: 198.51.100.10
 *            2001:db8:113::2/64                   2001:db8:113::1/64          2001:db8:51::10
 *            default via .1                       DNS server                  web server and echo
 *
 * It has no routes to anything else, so it answers only what comes from uplink0's own addresses: a
 * guest's packet that was not translated gets no reply, as outside. It forwards, so that what is sent
 * further is refused at once (no route) instead of vanishing. One process holds the namespace and is the
 * servers in it.
 */
#define _GNU_SOURCE 1
#include "sandbox/sandbox_internal.h"
#include "sys/handles.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/rtnetlink.h>
#include <linux/veth.h>

#include "sys/process/dnsmasq.h"
#include "sys/netlink/netlink.h"
#include "sys/process/dnsmasq_explain.h"
#include "util/addr.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/proc.h"

#define UPLINK "uplink0"
#define GATEWAY "gw0"
#define DNS_READY_MS 10000

#define vnm_autosys __attribute__((cleanup(vnm_sys_clear)))

/* The names of the make-believe internet; all others do not exist in it. */
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

/* What the internet's process reports when it is ready, or why it is not. */
struct birth {
	int result;
	struct vnm_error err;
	char warning[VNM_ERROR_MAX];
};

/* Its link-local address serves at once: without duplicate address detection, as those of add_address(). */
static int link_up(struct vnm_sys *sys, const char *name, struct vnm_error *err)
{
	vnm_autofree char *accept_dad = vnm_asprintf("/proc/sys/net/ipv6/conf/%s/accept_dad", name);
	struct ifinfomsg head = {
		.ifi_index = (int)if_nametoindex(name),
		.ifi_flags = IFF_UP,
		.ifi_change = IFF_UP,
	};
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	(void)vnm_proc_write(accept_dad, "0");
	vnm_nl_begin(&req, RTM_NEWLINK, 0, &head, sizeof(head));
	r = vnm_nl_do(sys, &req, NULL);
	return r < 0 ? vnm_nl_fail(err, r, &req, "cannot bring up %s in the sandbox", name) : 0;
}

/*
 * The value of VETH_INFO_PEER is a message of its own, header first (drivers/net/veth.c); here as the kernel
 * reads it, each part at a multiple of 4 bytes.
 */
struct peer {
	struct ifinfomsg head;
	struct rtattr name_head;
	char name[8];
	struct rtattr pid_head;
	uint32_t pid;
};

static_assert(sizeof(GATEWAY) <= 8 && offsetof(struct peer, pid_head) % RTA_ALIGNTO == 0 &&
	      sizeof(struct peer) == offsetof(struct peer, pid) + 4, "attributes without gaps");

/* A veth pair, the other end in the namespace of @pid. An end cannot be up before it has the other. */
static int make_pair(struct vnm_sys *sys, pid_t pid, struct vnm_error *err)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC };
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct peer peer = {
		.name_head = { RTA_LENGTH(sizeof(peer.name)), IFLA_IFNAME },
		.name = GATEWAY,
		.pid_head = { RTA_LENGTH(sizeof(peer.pid)), IFLA_NET_NS_PID },
		.pid = (uint32_t)pid,
	};
	struct vnm_nl_kind nests;
	int r;

	vnm_nl_begin(&req, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof(head));
	vnm_nl_put_str(&req, IFLA_IFNAME, UPLINK);
	nests = vnm_nl_kind(&req, "veth");
	vnm_nl_put(&req, VETH_INFO_PEER, &peer, sizeof(peer));
	vnm_nl_kind_end(&req, &nests);
	r = vnm_nl_do(sys, &req, NULL);
	if (r < 0)
		return vnm_nl_fail(err, r, &req, "cannot make the sandbox's uplink (a veth pair)");
	return link_up(sys, UPLINK, err);
}

/* Without duplicate address detection: nobody else is there, and nobody likes to wait. */
static int add_address(struct vnm_sys *sys, const char *dev, const char *text,
		       struct vnm_error *err)
{
	struct ifaddrmsg head = { .ifa_index = if_nametoindex(dev) };
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct vnm_prefix prefix = { 0 };
	size_t size;
	int r;

	(void)vnm_prefix_parse(text, &prefix);
	head.ifa_family = (uint8_t)prefix.addr.family;
	head.ifa_prefixlen = (uint8_t)prefix.len;
	size = vnm_addr_bits(prefix.addr.family) / 8;
	vnm_nl_begin(&req, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof(head));
	vnm_nl_put(&req, IFA_LOCAL, prefix.addr.b, size);
	vnm_nl_put(&req, IFA_ADDRESS, prefix.addr.b, size);
	if (prefix.addr.family == AF_INET6)
		vnm_nl_put_u32(&req, IFA_FLAGS, IFA_F_NODAD);
	r = vnm_nl_do(sys, &req, NULL);
	return r < 0 ? vnm_nl_fail(err, r, &req, "cannot add %s to %s in the sandbox", text, dev)
		     : 0;
}

static int add_default_route(struct vnm_sys *sys, const char *dev, const char *gateway,
			     struct vnm_error *err)
{
	struct rtmsg head = {
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_STATIC,
		.rtm_scope = RT_SCOPE_UNIVERSE,
		.rtm_type = RTN_UNICAST,
	};
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct vnm_addr addr = { 0 };
	int r;

	(void)vnm_addr_parse(gateway, &addr);
	head.rtm_family = (uint8_t)addr.family;
	vnm_nl_begin(&req, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof(head));
	vnm_nl_put(&req, RTA_GATEWAY, addr.b, vnm_addr_bits(addr.family) / 8);
	vnm_nl_put_u32(&req, RTA_OIF, if_nametoindex(dev));
	r = vnm_nl_do(sys, &req, NULL);
	return r < 0 ? vnm_nl_fail(err, r, &req,
				   "cannot add the default route via %s to the sandbox", gateway)
		     : 0;
}

/**
 * vnm_sandbox_loopback() - bring up lo
 * @err: set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_sandbox_loopback(struct vnm_error *err)
{
	vnm_autosys struct vnm_sys sys;

	vnm_sys_init(&sys, -1);
	return link_up(&sys, "lo", err);
}

/* The process of the internet */

static bool single_uid(void)
{
	char value[16];

	return vnm_proc_read("/proc/self/setgroups", value, sizeof(value)) == 0 &&
	       !strcmp(value, "deny");
}

static int dns_files(struct vnm_error *err)
{
	vnm_autoclose int dirfd = vnm_dir_open(VNM_SANDBOX_DNS_DIR, 0755, err);
	int r;

	if (dirfd < 0)
		return dirfd;
	r = vnm_file_replace(dirfd, "dnsmasq.conf", dns_conf, strlen(dns_conf), 0644, (gid_t)-1,
			     VNM_VOLATILE);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot write '%s/dnsmasq.conf': %s",
				     VNM_SANDBOX_DNS_DIR, strerror(-r));
	return 0;
}

static int dns_start(struct vnm_error *err)
{
	vnm_autofree char *program = vnm_dnsmasq_find();
	bool stays_root = single_uid();
	const char *const argv[] = {
		program, stays_root ? "--no-daemon" : "--keep-in-foreground",
		"--conf-file=" VNM_SANDBOX_DNS_DIR "/dnsmasq.conf", NULL,
	};
	vnm_autochild struct vnm_child child = VNM_CHILD_INIT;
	char said[VNM_ERROR_MAX / 2];
	int r;

	if (!program)
		return vnm_error_set(err, VNM_ERR_UNSUPPORTED, ENOENT, "dnsmasq is not installed");
	r = dns_files(err);
	if (r == 0)
		r = vnm_child_fork(argv, &child, err);
	if (r < 0)
		return r;
	r = vnm_child_release(&child);
	if (r == 0)
		r = vnm_child_wait_ready(&child, stays_root ? "started, version" : NULL,
					 DNS_READY_MS, said, sizeof(said));
	return r < 0 ? vnm_error_set(err, VNM_ERR_DNSMASQ, -r, "%s", said) : 0;
}

static int internet_addresses(struct vnm_error *err)
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
	r = link_up(&sys, "lo", err);
	if (r == 0)
		r = link_up(&sys, GATEWAY, err);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(addrs) && r == 0; i++)
		r = add_address(&sys, addrs[i].dev, addrs[i].addr, err);
	return r;
}

/* A router says "no route" instead of nothing. It is for comfort only: where it is forbidden, so be it. */
static void internet_forwards(void)
{
	(void)vnm_proc_write("/proc/sys/net/ipv4/ip_forward", "1");
	(void)vnm_proc_write("/proc/sys/net/ipv6/conf/all/forwarding", "1");
}

static void detach(int keep)
{
	int null = open("/dev/null", O_RDWR);

	for (int fd = 0; fd <= 2 && null >= 0; fd++)
		(void)dup2(null, fd);
	(void)dup3(keep, 3, O_CLOEXEC);
	(void)syscall(SYS_close_range, 4, ~0U, 0);
	(void)setsid();
}

static int internet_ready(struct vnm_sandbox_sockets *sockets, struct birth *birth)
{
	struct vnm_error dns = { 0 };
	char byte;
	int r;

	/* The other side makes the pair of devices, and says so. */
	if (read(3, &byte, 1) != 1)
		_exit(1);
	internet_forwards();
	r = internet_addresses(&birth->err);
	if (r == 0)
		r = vnm_sandbox_listen(sockets, &birth->err);
	if (r == 0 && dns_start(&dns) < 0)
		snprintf(birth->warning, sizeof(birth->warning),
			 "the sandbox's internet has no DNS: %.900s", dns.msg);
	return r;
}

static _Noreturn void internet_main(int channel)
{
	struct vnm_sandbox_sockets sockets = { 0 };
	struct birth birth = { 0 };
	char byte = 0;

	detach(channel);
	if (unshare(CLONE_NEWNET) < 0 || write(3, &byte, 1) != 1)
		_exit(1);
	birth.result = internet_ready(&sockets, &birth);
	if (write(3, &birth, sizeof(birth)) != sizeof(birth) || birth.result < 0)
		_exit(1);
	close(3);
	vnm_sandbox_serve(&sockets);
}

/* Our side of it */

/* As ip-netns(8) does it: a file on which the namespace is mounted. */
static int name_netns(pid_t pid, struct vnm_error *err)
{
	vnm_autofree char *path = vnm_asprintf("/proc/%d/ns/net", (int)pid);
	vnm_autoclose int fd =
		open(VNM_SANDBOX_NETNS, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);

	if (fd < 0 || mount(path, VNM_SANDBOX_NETNS, NULL, MS_BIND, NULL) < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, errno,
				     "cannot make '%s' for the sandbox: %s", VNM_SANDBOX_NETNS,
				     strerror(errno));
	return 0;
}

static int lost_internet(struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_SYSTEM, ECHILD,
			     "cannot make a second network namespace for the sandbox");
}

static int meet_internet(struct vnm_sys *sys, pid_t pid, int channel, struct vnm_warnings *warnings,
			 struct vnm_error *err)
{
	struct birth birth = { 0 };
	char byte = 0;
	int r;

	if (read(channel, &byte, 1) != 1)
		return lost_internet(err);
	r = name_netns(pid, err);
	if (r == 0)
		r = make_pair(sys, pid, err);
	if (r < 0)
		return r;
	if (write(channel, &byte, 1) != 1 || read(channel, &birth, sizeof(birth)) != sizeof(birth))
		return lost_internet(err);
	if (birth.result < 0) {
		*err = birth.err;
		return birth.result;
	}
	if (birth.warning[0])
		vnm_warnings_add(warnings, "%s", birth.warning);
	return 0;
}

static int connect_uplink(struct vnm_sys *sys, struct vnm_error *err)
{
	int r = add_address(sys, UPLINK, VNM_SANDBOX_SELF4 "/24", err);

	if (r == 0)
		r = add_address(sys, UPLINK, VNM_SANDBOX_SELF6 "/64", err);
	if (r == 0)
		r = add_default_route(sys, UPLINK, VNM_SANDBOX_GATEWAY4, err);
	if (r == 0)
		r = add_default_route(sys, UPLINK, VNM_SANDBOX_GATEWAY6, err);
	return r < 0 ? r : vnm_sandbox_resolver(VNM_SANDBOX_GATEWAY4, err);
}

/**
 * vnm_sandbox_uplink() - make the internet, and a way to it
 * @warnings: gets what is missing although the rest works (DNS)
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
		return vnm_error_set(err, VNM_ERR_SYSTEM, errno, "cannot make a socket: %s",
				     strerror(errno));
	pid = fork();
	if (pid == 0)
		internet_main(ends[1]);
	channel = ends[0];
	close(ends[1]);
	if (pid < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, errno, "cannot start a process: %s",
				     strerror(errno));
	r = meet_internet(&sys, pid, channel, warnings, err);
	return r < 0 ? r : connect_uplink(&sys, err);
}
