/* SPDX-License-Identifier: GPL-2.0-or-later */
/* devices.c - devices, addresses and routes inside the sandbox. */
#include "sandbox/devices.h"

#include <assert.h>
#include <net/if.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/socket.h>

#include <linux/rtnetlink.h>
#include <linux/veth.h>

#include "sys/netlink/netlink.h"
#include "util/addr.h"
#include "util/file.h"
#include "util/mem.h"

/**
 * vnm_sandbox_link_up() - bring up a device
 * @sys:  of the namespace
 * @name: the device; without duplicate address detection, so its link-local address is usable at once
 * @err:  set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_sandbox_link_up(struct vnm_sys *sys, const char *name, struct vnm_error *err)
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
 * The value of VETH_INFO_PEER is a message of its own, header first (drivers/net/veth.c), each part aligned to 4
 * bytes.
 */
struct peer {
	struct ifinfomsg head;
	struct rtattr name_head;
	char name[8];
	struct rtattr pid_head;
	uint32_t pid;
};

static_assert(offsetof(struct peer, pid_head) % RTA_ALIGNTO == 0 &&
		      sizeof(struct peer) == offsetof(struct peer, pid) + 4,
	      "attributes without gaps");

/**
 * vnm_sandbox_veth() - create a veth pair
 * @sys:  of the namespace
 * @name: its end here, which is brought up, after the other exists
 * @peer: the other end, of less than 8 bytes
 * @pid:  a process in the namespace of the other end
 * @err:  set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_sandbox_veth(struct vnm_sys *sys, const char *name, const char *peer, pid_t pid,
		     struct vnm_error *err)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC };
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct peer other = {
		.name_head = { RTA_LENGTH(sizeof(other.name)), IFLA_IFNAME },
		.pid_head = { RTA_LENGTH(sizeof(other.pid)), IFLA_NET_NS_PID },
		.pid = (uint32_t)pid,
	};
	struct vnm_nl_kind nests;
	int r;

	snprintf(other.name, sizeof(other.name), "%s", peer);
	vnm_nl_begin(&req, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof(head));
	vnm_nl_put_str(&req, IFLA_IFNAME, name);
	nests = vnm_nl_kind(&req, "veth");
	vnm_nl_put(&req, VETH_INFO_PEER, &other, sizeof(other));
	vnm_nl_kind_end(&req, &nests);
	r = vnm_nl_do(sys, &req, NULL);
	if (r < 0)
		return vnm_nl_fail(err, r, &req,
				   "cannot create the sandbox's uplink (a veth pair)");
	return vnm_sandbox_link_up(sys, name, err);
}

/**
 * vnm_sandbox_add_address() - give a device an address
 * @sys:  of the namespace
 * @dev:  the device
 * @text: ADDRESS/PREFIX; without duplicate address detection: nobody else is there
 * @err:  set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_sandbox_add_address(struct vnm_sys *sys, const char *dev, const char *text,
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

/**
 * vnm_sandbox_add_default_route() - a default route
 * @sys:     of the namespace
 * @dev:     the device
 * @gateway: the gateway's address
 * @err:     set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_sandbox_add_default_route(struct vnm_sys *sys, const char *dev, const char *gateway,
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
	return vnm_sandbox_link_up(&sys, "lo", err);
}
