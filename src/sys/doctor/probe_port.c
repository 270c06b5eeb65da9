/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe_port.c - a port of a bridge from which probes are sent as a guest sends packets.
 *
 * It is one end of a veth pair; the other is in a network namespace that has no name and belongs to this process alone. So both are
 * gone when the process ends, however that happens, and need no journal.
 */
#include "sys/doctor/probe_port.h"

#include <errno.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "plan/firewall/fwrule.h"
#include "sys/handles.h"
#include "sys/link/link.h"
#include "sys/link/link_set.h"
#include "sys/netlink/link_watch.h"
#include "sys/netlink/netlink.h"
#include "sys/netlink/netns.h"
#include "sys/netlink/netns_enter.h"
#include "sys/op_impl.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/patience.h"
#include "util/proc.h"

#define TICK_MS 1000 /* a port's state is read that often at least */

/* Neither end says anything by itself: no duplicate address detection, no router solicitation. */
static int be_quiet(void *data)
{
	(void)data;
	(void)vnm_proc_write("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
	return 0;
}

static int make_pair(struct vnm_probe_port *port, int master, struct vnm_error *err)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC };
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct vnm_nl_kind nests;
	struct nlattr *peer;
	int r;

	vnm_nl_begin(&req, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof(head));
	vnm_nl_put_str(&req, IFLA_IFNAME, port->name);
	vnm_nl_put_u32(&req, IFLA_GROUP, VNM_GROUP_GUEST);
	vnm_nl_put_u32(&req, IFLA_MASTER, (uint32_t)master);
	nests = vnm_nl_kind(&req, "veth");
	peer = vnm_nl_nest(&req, VETH_INFO_PEER);
	vnm_nl_put_raw(&req, &head, sizeof(head));
	vnm_nl_put_str(&req, IFLA_IFNAME, VNM_PROBE_PEER);
	vnm_nl_put(&req, IFLA_ADDRESS, port->mac.b, sizeof(port->mac.b));
	vnm_nl_put_u32(&req, IFLA_NET_NS_FD, (uint32_t)port->sys.new_netns.fd);
	vnm_nl_nest_end(&req, peer);
	vnm_nl_kind_end(&req, &nests);
	r = vnm_nl_do(&port->sys, &req, NULL);
	return r < 0 ? vnm_nl_fail(err, r, &req, "cannot create a port for probes") : 0;
}

static int set_up(struct vnm_sys *sys, const char *name, struct vnm_link *ret,
		  struct vnm_error *err)
{
	int r = vnm_link_need(sys, name, ret, err);

	return r < 0 ? r : vnm_link_set_flags(sys, ret, IFF_UP, IFF_UP, err);
}

static int raise_both(struct vnm_probe_port *port, struct vnm_error *err)
{
	vnm_autofree char *quiet =
		vnm_asprintf("/proc/sys/net/ipv6/conf/%s/disable_ipv6", port->name);
	struct vnm_sys *there;
	struct vnm_link link;
	int r = vnm_sys_enter(&port->sys, &port->ns, &there);

	if (r < 0)
		return vnm_netns_fail(&port->ns, r, err);
	(void)vnm_proc_write(quiet, "1");
	r = set_up(there, VNM_PROBE_PEER, &link, err);
	if (r == 0)
		r = set_up(&port->sys, port->name, &link, err);
	port->ifindex = link.fact.index;
	return r;
}

static void ignore_change(const char *name, unsigned index, void *data)
{
	(void)name, (void)index, (void)data;
}

/* With the spanning tree, that is after twice the bridge's delay, of @delay hundredths of a second. */
static int wait_forwarding(struct vnm_probe_port *port, uint32_t delay, struct vnm_error *err)
{
	const struct vnm_link_sink sink = { .changed = ignore_change };
	const int64_t deadline =
		vnm_now_ms() + 2 * (int64_t)delay * 10 + vnm_patience_ms(2 * TICK_MS);
	vnm_autoclose int fd = vnm_link_watch_open(err);

	while (fd >= 0 && vnm_now_ms() < deadline) {
		struct pollfd news = { fd, POLLIN, 0 };
		struct vnm_link link;
		int r = vnm_link_need(&port->sys, port->name, &link, err);

		if (r < 0 || link.port.state == BR_STATE_FORWARDING)
			return r;
		(void)vnm_poll_until(&news, 1, vnm_now_ms() + TICK_MS / 10);
		(void)vnm_link_watch_read(fd, &sink);
	}
	return fd < 0 ? fd
		      : vnm_error_set(err, VNM_ERR_SYSTEM, ETIMEDOUT,
				      "a port for probes does not forward on its bridge");
}

/**
 * vnm_probe_port_open() - add a port to a bridge
 * @port:   any content; vnm_probe_port_close() ends it, also after a failure
 * @bridge: the bridge
 * @err:    set on failure
 *
 * Return: 0 when it forwards, which takes seconds with the spanning tree; -errno.
 */
int vnm_probe_port_open(struct vnm_probe_port *port, const char *bridge, struct vnm_error *err)
{
	struct vnm_link link;
	int r;

	*port = (struct vnm_probe_port){ 0 };
	vnm_sys_init(&port->sys, -1);
	snprintf(port->name, sizeof(port->name), "vnmp%d", (int)getpid());
	r = vnm_link_need(&port->sys, bridge, &link, err);
	if (r == 0)
		r = vnm_netns_new(&port->sys, err);
	if (r < 0)
		return r;
	/* The same each time, so that it is offered the same address; not the bridge's. */
	port->mac = link.fact.mac;
	port->mac.b[0] ^= 4;
	port->ns.path = vnm_asprintf("/proc/self/fd/%d", port->sys.new_netns.fd);
	(void)vnm_netns_run(&port->ns, be_quiet, NULL);
	r = make_pair(port, link.fact.index, err);
	if (r == 0)
		r = raise_both(port, err);
	return r < 0 ? r : wait_forwarding(port, link.stp ? link.delay : 0, err);
}

/**
 * vnm_probe_port_address() - give the other end an address
 * @port: the port
 * @addr: the address, with its length
 * @err:  set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_probe_port_address(struct vnm_probe_port *port, const struct vnm_prefix *addr,
			   struct vnm_error *err)
{
	const struct vnm_op op = {
		.type = VNM_OP_ADDRESS,
		.address = { .dev = (char *)VNM_PROBE_PEER, .addr = *addr, .ns = port->ns },
	};

	return vnm_impl_address.apply(&port->sys, &op, err);
}

struct request {
	int family, type, protocol;
};

static int open_socket(void *data)
{
	const struct request *request = data;
	int fd = socket(request->family, request->type | SOCK_CLOEXEC, request->protocol);

	return fd < 0 ? -errno : fd;
}

/** vnm_probe_port_socket() - a socket in the namespace of the other end. Return: a descriptor or -errno. */
int vnm_probe_port_socket(struct vnm_probe_port *port, int family, int type, int protocol)
{
	struct request request = { family, type, protocol };

	return vnm_netns_run(&port->ns, open_socket, &request);
}

static int peer_index(void *data)
{
	(void)data;
	return (int)if_nametoindex(VNM_PROBE_PEER);
}

/** vnm_probe_port_index() - the index of the other end, in its namespace */
int vnm_probe_port_index(struct vnm_probe_port *port)
{
	return vnm_netns_run(&port->ns, peer_index, NULL);
}

/** vnm_probe_port_close() - remove the port */
void vnm_probe_port_close(struct vnm_probe_port *port)
{
	struct vnm_error ignored = { 0 };
	struct vnm_link link;

	if (port->ifindex && vnm_link_read_index(&port->sys, port->ifindex, &link) == 0)
		(void)vnm_link_delete(&port->sys, &link, &ignored);
	vnm_netns_let_go(&port->sys);
	vnm_sys_clear(&port->sys);
	free(port->ns.path);
	*port = (struct vnm_probe_port){ 0 };
}
