/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netns.h - a network namespace of the test's own, and devices in it. For tests that ask the real
 * kernel.
 *
 * Devices are made with plain requests here, not with the code under test.
 */
#ifndef VNM_TESTS_UNIT_NETNS_H
#define VNM_TESTS_UNIT_NETNS_H

#include "runner.h"

#include <net/if.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "sys/link/link.h"
#include "sys/netlink/netlink.h"
#include "sys/op_impl.h"
#include "util/addr.h"

static inline int netns_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : write(fd, text, strlen(text));

	if (fd >= 0)
		close(fd);
	return n == (ssize_t)strlen(text) ? 0 : -1;
}

/*
 * NULL, or why it is impossible. Without root, in a user namespace of our own, where we are root.
 */
static inline const char *netns_enter(void)
{
	unsigned uid = geteuid(), gid = getegid();
	char uids[32], gids[32];

	snprintf(uids, sizeof(uids), "0 %u 1", uid);
	snprintf(gids, sizeof(gids), "0 %u 1", gid);
	if (uid == 0)
		return unshare(CLONE_NEWNET) < 0 ? "no network namespace to be had" : NULL;
	if (unshare(CLONE_NEWNET | CLONE_NEWUSER) < 0 ||
	    netns_write("/proc/self/setgroups", "deny") < 0 ||
	    netns_write("/proc/self/uid_map", uids) < 0 ||
	    netns_write("/proc/self/gid_map", gids) < 0)
		return "no user namespace to be had";
	return NULL;
}

static inline struct vnm_mac netns_mac(int last)
{
	return (struct vnm_mac){ true, { 0x52, 0x54, 0x00, 0x12, 0x34, (uint8_t)last } };
}

/*
 * A device that is not made by the code under test. veth: the other end gets a name from the
 * kernel.
 */
static inline void netns_make(struct vnm_sys *sys, const char *kind, const char *name,
			      struct vnm_mac mac, uint32_t group)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC };
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct nlattr *info;

	vnm_nl_begin(&req, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof(head));
	vnm_nl_put_str(&req, IFLA_IFNAME, name);
	vnm_nl_put(&req, IFLA_ADDRESS, mac.b, sizeof(mac.b));
	vnm_nl_put_u32(&req, IFLA_GROUP, group);
	info = vnm_nl_nest(&req, IFLA_LINKINFO);
	vnm_nl_put_str(&req, IFLA_INFO_KIND, kind);
	vnm_nl_nest_end(&req, info);
	VNM_ASSERT_INT_EQ_FATAL(vnm_nl_do(sys, &req, NULL), 0);
}

static inline struct vnm_link netns_link(struct vnm_sys *sys, const char *name)
{
	vnm_autolinks struct vnm_links links = { 0 };
	struct vnm_error err = { 0 };
	const struct vnm_link *link;

	VNM_ASSERT_OK_FATAL(vnm_links_read(sys, &links, &err), err);
	link = vnm_links_find(&links, name);
	CU_ASSERT_PTR_NOT_NULL_FATAL(link);
	return *link;
}

static inline void netns_set(struct vnm_sys *sys, const char *name, int attr, uint32_t value)
{
	struct ifinfomsg head = { .ifi_index = netns_link(sys, name).fact.index };
	vnm_autonl struct vnm_nl_req req = { 0 };

	vnm_nl_begin(&req, RTM_NEWLINK, 0, &head, sizeof(head));
	vnm_nl_put_u32(&req, attr, value);
	VNM_ASSERT_INT_EQ_FATAL(vnm_nl_do(sys, &req, NULL), 0);
}

static inline void netns_flags(struct vnm_sys *sys, const char *name, unsigned flags, unsigned mask)
{
	struct ifinfomsg head = {
		.ifi_index = netns_link(sys, name).fact.index,
		.ifi_flags = flags,
		.ifi_change = mask,
	};
	vnm_autonl struct vnm_nl_req req = { 0 };

	vnm_nl_begin(&req, RTM_NEWLINK, 0, &head, sizeof(head));
	VNM_ASSERT_INT_EQ_FATAL(vnm_nl_do(sys, &req, NULL), 0);
}

static inline void netns_delete(struct vnm_sys *sys, const char *name)
{
	struct ifinfomsg head = { .ifi_index = netns_link(sys, name).fact.index };
	vnm_autonl struct vnm_nl_req req = { 0 };

	vnm_nl_begin(&req, RTM_DELLINK, 0, &head, sizeof(head));
	VNM_ASSERT_INT_EQ_FATAL(vnm_nl_do(sys, &req, NULL), 0);
}

/* What a failed test left must not make the next one fail. */
static inline void netns_wipe(struct vnm_sys *sys)
{
	vnm_autolinks struct vnm_links links = { 0 };
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(vnm_links_read(sys, &links, &err), err);
	for (size_t i = 0; i < links.n; i++) {
		struct ifinfomsg head = { .ifi_index = links.items[i].fact.index };
		vnm_autonl struct vnm_nl_req req = { 0 };

		vnm_nl_begin(&req, RTM_DELLINK, 0, &head, sizeof(head));
		if (!links.items[i].loopback)
			(void)vnm_nl_do(sys, &req, NULL);
	}
}

static inline struct vnm_prefix netns_prefix(const char *text)
{
	struct vnm_prefix prefix = { 0 };

	VNM_ASSERT_INT_EQ_FATAL(vnm_prefix_parse(text, &prefix), 0);
	return prefix;
}

static inline void netns_address(struct vnm_sys *sys, const char *name, const char *text)
{
	struct vnm_prefix prefix = netns_prefix(text);
	struct ifaddrmsg head = {
		.ifa_family = (uint8_t)prefix.addr.family,
		.ifa_prefixlen = (uint8_t)prefix.len,
		.ifa_index = (uint32_t)netns_link(sys, name).fact.index,
	};
	vnm_autonl struct vnm_nl_req req = { 0 };

	vnm_nl_begin(&req, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof(head));
	vnm_nl_put(&req, IFA_LOCAL, prefix.addr.b, vnm_addr_bits(prefix.addr.family) / 8);
	VNM_ASSERT_INT_EQ_FATAL(vnm_nl_do(sys, &req, NULL), 0);
}

/* A route to a device, without a gateway. */
static inline void netns_route(struct vnm_sys *sys, const char *dev, const char *text,
			       uint8_t protocol, uint32_t metric)
{
	struct vnm_prefix prefix = netns_prefix(text);
	struct rtmsg head = {
		.rtm_family = (uint8_t)prefix.addr.family,
		.rtm_dst_len = (uint8_t)prefix.len,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = protocol,
		.rtm_scope = prefix.addr.family == AF_INET ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE,
		.rtm_type = RTN_UNICAST,
	};
	vnm_autonl struct vnm_nl_req req = { 0 };

	vnm_nl_begin(&req, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof(head));
	vnm_nl_put(&req, RTA_DST, prefix.addr.b, vnm_addr_bits(prefix.addr.family) / 8);
	vnm_nl_put_u32(&req, RTA_OIF, (uint32_t)netns_link(sys, dev).fact.index);
	if (metric)
		vnm_nl_put_u32(&req, RTA_PRIORITY, metric);
	VNM_ASSERT_INT_EQ_FATAL(vnm_nl_do(sys, &req, NULL), 0);
}

static inline void netns_apply(struct vnm_sys *sys, const struct vnm_op_impl *impl,
			       const struct vnm_op *op)
{
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(impl->apply(sys, op, &err), err);
}

static inline void netns_revert(struct vnm_sys *sys, const struct vnm_op_impl *impl,
				const struct vnm_op *op)
{
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK(impl->revert(sys, op, &err), err);
}

static inline enum vnm_presence netns_check(struct vnm_sys *sys, const struct vnm_op_impl *impl,
					    const struct vnm_op *op)
{
	enum vnm_presence presence = VNM_PRESENCE_COUNT;
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK(impl->check(sys, op, &presence, &err), err);
	return presence;
}

#endif
