/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dnsmasq_bridge.c - the bridge that a dnsmasq serves.
 *
 * Theory of operation. With bind-dynamic, dnsmasq follows the addresses of its bridge, and answers only what comes in by
 * it, whatever the firewall does. But it reads all addresses of the host again when any of them changes, so setting one
 * would cost more with every network that is up: 0.5 s beside 1000. Therefore a filter on its netlink socket drops the
 * notifications about addresses of other devices. From those about routes (at which it repeats an unanswered question)
 * the socket is unsubscribed: a filter would be run for each route of each bridge. Only a dnsmasq that needs nothing of
 * other devices is treated so. Without the right to do it (pidfd_getfd(2), since Linux 5.6, needs that of a debugger) it
 * works as well, only slower.
 *
 * The filter matches the bridge's index, which a bridge that is made again does not have. So the index is recorded, and
 * a dnsmasq whose bridge is gone counts as absent.
 */
#include "sys/process/dnsmasq_bridge.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/filter.h>
#include <linux/if_addr.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include "sys/link/link.h"
#include "util/file.h"
#include "util/mem.h"

#define RECORD "bridge"
#define RECORD_MAX 32
#define FIRST_FD 3
#define LAST_FD 31 /* its netlink socket is among the first that dnsmasq opens */

/**
 * vnm_dnsmasq_bridge_note() - record which bridge a dnsmasq serves, before it is started
 * @dirfd:  the network's directory
 * @bridge: its name; NULL: none is recorded
 *
 * Without such a bridge 0 is recorded, which is none.
 *
 * Return: 0 or -errno.
 */
int vnm_dnsmasq_bridge_note(int dirfd, const char *bridge)
{
	vnm_autofree char *text = NULL;
	unsigned index;

	if (!bridge)
		return vnm_dnsmasq_bridge_forget(dirfd);
	index = if_nametoindex(bridge);
	if (index == 0 && errno != ENODEV)
		return -errno;
	text = vnm_asprintf("%u\n", index);
	return vnm_file_replace(dirfd, RECORD, text, strlen(text), 0600, (gid_t)-1, VNM_VOLATILE);
}

/** vnm_dnsmasq_bridge_forget() - remove the record. Return: 0 or -errno. */
int vnm_dnsmasq_bridge_forget(int dirfd)
{
	return vnm_file_unlink(dirfd, RECORD, VNM_VOLATILE);
}

/**
 * vnm_dnsmasq_bridge_lost() - what keeps a dnsmasq from following the addresses of the bridge?
 * @sys:    the handles
 * @dir:    the network's directory
 * @bridge: its name; NULL: of an older version, which set no filter
 * @ret:    gets the words, or NULL: nothing
 * @err:    set on failure
 *
 * Another bridge may have that name by now. One that was started without a bridge has lost it, too, also before there is one: a repair looks
 * at all parts first, and makes the bridge then.
 *
 * Return: 0 or -errno.
 */
int vnm_dnsmasq_bridge_lost(struct vnm_sys *sys, const char *dir, const char *bridge,
			    const char **ret, struct vnm_error *err)
{
	vnm_autofree char *path = vnm_asprintf("%s/" RECORD, dir), *text = NULL;
	struct vnm_link link = { 0 };
	int r;

	*ret = NULL;
	if (!bridge)
		return 0;
	r = vnm_file_read(AT_FDCWD, path, RECORD_MAX, &text, NULL);
	if (r == -ENOENT || vnm_file_damaged(r)) {
		*ret = "its files are gone";
		return 0;
	}
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot read '%s': %s", path,
				     strerror(-r));
	r = vnm_link_find(sys, bridge, &link, err);
	if (r >= 0 && (!link.fact.index || strtol(text, NULL, 10) != link.fact.index))
		*ret = "its bridge is gone";
	return r < 0 ? r : 0;
}

/* Return: a descriptor of the process's rtnetlink socket, or -1. */
static int open_netlink(int pidfd)
{
	for (int fd = FIRST_FD; fd <= LAST_FD; fd++) {
		vnm_autoclose int sock = (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0);
		int domain = 0, protocol = 0;
		socklen_t len = sizeof(int);

		if (sock < 0 && errno != EBADF)
			return -1;
		if (sock >= 0 && getsockopt(sock, SOL_SOCKET, SO_DOMAIN, &domain, &len) == 0 &&
		    domain == AF_NETLINK &&
		    getsockopt(sock, SOL_SOCKET, SO_PROTOCOL, &protocol, &len) == 0 &&
		    protocol == NETLINK_ROUTE)
			return vnm_steal_fd(&sock);
	}
	return -1;
}

/**
 * vnm_dnsmasq_bridge_only() - spare a dnsmasq the news of other devices
 * @pidfd:  the process, ready
 * @bridge: the one that it serves
 *
 * Best effort. Replies to its own questions (NLM_F_MULTI) pass. The kernel loads big endian.
 */
void vnm_dnsmasq_bridge_only(int pidfd, const char *bridge)
{
	const uint32_t flags = offsetof(struct nlmsghdr, nlmsg_flags);
	const uint32_t type = offsetof(struct nlmsghdr, nlmsg_type);
	const uint32_t index = NLMSG_HDRLEN + offsetof(struct ifaddrmsg, ifa_index);
	const unsigned wanted = if_nametoindex(bridge);
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, flags),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, htons(NLM_F_MULTI), 5, 0),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, type),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_NEWADDR), 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_DELADDR), 0, 2),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, index),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htonl(wanted), 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	static const int routes[] = { RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE };
	const struct sock_fprog filter = { VNM_ARRAY_SIZE(code), code };
	vnm_autoclose int sock = wanted ? open_netlink(pidfd) : -1;

	if (sock < 0)
		return;
	(void)setsockopt(sock, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter));
	for (size_t i = 0; i < VNM_ARRAY_SIZE(routes); i++)
		(void)setsockopt(sock, SOL_NETLINK, NETLINK_DROP_MEMBERSHIP, &routes[i],
				 sizeof(routes[i]));
}
