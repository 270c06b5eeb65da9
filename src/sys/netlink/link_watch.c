/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * link_watch.c - subscribe to changes of devices, their addresses and their forwarding settings.
 *
 * A socket of its own: notifications do not mix with answers to requests, and an overflow loses no answer that somebody
 * waits for.
 */
#include "sys/netlink/link_watch.h"

#include <errno.h>
#include <linux/netconf.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util/mem.h"

#define NEWS_MAX 32768

/**
 * vnm_link_watch_open() - subscribe
 * @err: set on failure
 *
 * Return: a descriptor that is readable when there are notifications, or -errno.
 */
int vnm_link_watch_open(struct vnm_error *err)
{
	const struct sockaddr_nl address = {
		.nl_family = AF_NETLINK,
		.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR,
	};
	vnm_autoclose int fd =
		socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);

	if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, errno,
				     "cannot listen to changes of devices: %s", strerror(errno));
	/* Forwarding of a device. Without these groups in the kernel, the next full check finds changes. */
	for (int group = RTNLGRP_IPV4_NETCONF; group <= RTNLGRP_IPV6_NETCONF; group++)
		(void)setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group));
	return vnm_steal_fd(&fd);
}

/* Of a device, or of all of them: a negative index. */
static void report_setting(struct nlmsghdr *hdr, const struct vnm_link_sink *sink)
{
	const struct nlattr *index;
	int32_t value = NETCONFA_IFINDEX_ALL;

	if (!nlmsg_valid_hdr(hdr, sizeof(struct netconfmsg)))
		return;
	index = nlmsg_find_attr(hdr, sizeof(struct netconfmsg), NETCONFA_IFINDEX);
	if (index && nla_len(index) == (int)sizeof(value))
		memcpy(&value, nla_data(index), sizeof(value));
	if (value > 0)
		sink->changed("", (unsigned)value, sink->data);
	else
		sink->changed(NULL, 0, sink->data);
}

static void report_change(struct nlmsghdr *hdr, const struct vnm_link_sink *sink)
{
	const struct nlattr *name;

	switch (hdr->nlmsg_type) {
	case RTM_NEWLINK:
	case RTM_DELLINK:
		if (!nlmsg_valid_hdr(hdr, sizeof(struct ifinfomsg)))
			return;
		name = nlmsg_find_attr(hdr, sizeof(struct ifinfomsg), IFLA_IFNAME);
		sink->changed(name ? nla_get_string((struct nlattr *)name) : "",
			      (unsigned)((struct ifinfomsg *)nlmsg_data(hdr))->ifi_index,
			      sink->data);
		break;
	case RTM_NEWADDR:
	case RTM_DELADDR:
		if (nlmsg_valid_hdr(hdr, sizeof(struct ifaddrmsg)))
			sink->changed("", ((struct ifaddrmsg *)nlmsg_data(hdr))->ifa_index,
				      sink->data);
		break;
	case RTM_NEWNETCONF: report_setting(hdr, sink); break;
	default: break;
	}
}

/**
 * vnm_link_watch_read() - read the pending notifications
 * @fd:   of vnm_link_watch_open()
 * @sink: gets them
 *
 * Return: 0 or -errno.
 */
int vnm_link_watch_read(int fd, const struct vnm_link_sink *sink)
{
	char buf[NEWS_MAX] __attribute__((aligned(NLMSG_ALIGNTO)));

	for (;;) {
		struct sockaddr_nl from = { 0 };
		socklen_t from_len = sizeof(from);
		ssize_t n = recvfrom(fd, buf, sizeof(buf), 0, (struct sockaddr *)&from, &from_len);
		int left = (int)n;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == ENOBUFS) {
			sink->changed(NULL, 0, sink->data);
			continue;
		}
		if (n < 0)
			return errno == EAGAIN ? 0 : -errno;
		if (from.nl_pid != 0) /* not the kernel */
			continue;
		for (struct nlmsghdr *hdr = (struct nlmsghdr *)buf; nlmsg_ok(hdr, left);
		     hdr = nlmsg_next(hdr, &left))
			report_change(hdr, sink);
	}
}
